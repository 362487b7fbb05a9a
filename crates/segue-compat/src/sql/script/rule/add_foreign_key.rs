//! A foreign key is checked while writers of both tables wait.
//!
//! # What it checks
//! `ADD CONSTRAINT … FOREIGN KEY` without `NOT VALID`.
//!
//! # Why it breaks
//! Both tables are locked SHARE ROW EXCLUSIVE while all rows are looked up: writers of both wait.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES>.
//!
//! # Safe path
//! Add it NOT VALID, and validate it in another transaction.
//!
//! # Example
//! ```sql
//! ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users;
//! ```

use super::super::journey;
use super::super::lock::Mode;
use super::super::sequence;
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::{Action, ConstraintBody};

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-add-foreign-key",
    title: "a foreign key is checked while writers of both tables wait",
    why: "Both tables are locked SHARE ROW EXCLUSIVE while all rows are looked up: writers of both wait.",
    fix: "Add it NOT VALID, then VALIDATE CONSTRAINT in a transaction of its own.",
    answers: &[
        "squawk:adding-foreign-key-constraint",
        "squawk:constraint-missing-not-valid",
        "strong_migrations:add_foreign_key",
        "strong_migrations:add_reference",
    ],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|at, table, action, around| {
        let Action::AddConstraint(constraint) = action else { return };
        let ConstraintBody::ForeignKey { table: other, .. } = &constraint.what else { return };
        if constraint.not_valid || constraint.not_enforced {
            return;
        }
        let other = step.world.resolve(other);
        let Some(weight) = step.weigh(table, Work::Scan, Mode::ShareRowExclusive) else { return };
        let name = step.world.constraint_name(table, constraint);
        let partitioned = step.world.tables.get(table).is_some_and(|table| table.partition_key.is_some()) && step.version < 180_000;
        let finding = Finding {
            object: on(step, table, Some(&name)),
            change: "add foreign key".to_owned(),
            message: format!("foreign key {name} makes writers of {} and {} wait", step.shown(table), step.shown(&other)),
            safe_sql: if partitioned { Vec::new() } else { sequence::not_valid(step, at, table, constraint) },
            segue: journey::shown(journey::of_action(step, around, table, action), journey::ONE),
            ..Finding::default()
        };
        found.weighed(step, &RULE, &weight, finding);
    });
}
