//! A check is tried against all rows under lock.
//!
//! # What it checks
//! `ADD CONSTRAINT … CHECK` (or `NOT NULL` with a name, 18) without `NOT VALID`.
//!
//! # Why it breaks
//! All rows are read under an ACCESS EXCLUSIVE lock.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT>.
//!
//! # Safe path
//! Add it NOT VALID, and validate it in another transaction: that reads beside readers and writers.
//!
//! # Example
//! ```sql
//! ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18);
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
    id: "sql-script-add-check",
    title: "a check is tried against all rows under lock",
    why: "All rows are read under an ACCESS EXCLUSIVE lock.",
    fix: "Add it NOT VALID, then VALIDATE CONSTRAINT in a transaction of its own.",
    answers: &["squawk:constraint-missing-not-valid", "strong_migrations:add_check_constraint"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|at, table, action, around| {
        let Action::AddConstraint(constraint) = action else { return };
        if !matches!(constraint.what, ConstraintBody::Check(_) | ConstraintBody::NotNull { .. })
            || constraint.not_valid
            || constraint.not_enforced
        {
            return;
        }
        let Some(weight) = step.weigh(table, Work::Scan, Mode::AccessExclusive) else { return };
        let name = step.world.constraint_name(table, constraint);
        let can = matches!(constraint.what, ConstraintBody::Check(_)) || step.version >= 180_000;
        let finding = Finding {
            object: on(step, table, Some(&name)),
            change: "add check".to_owned(),
            message: format!("check {name} of {} is tried against every row", step.shown(table)),
            safe_sql: if can { sequence::not_valid(step, at, table, constraint) } else { Vec::new() },
            segue: journey::shown(journey::of_action(step, around, table, action), journey::ONE),
            ..Finding::default()
        };
        found.weighed(step, &RULE, &weight, finding);
    });
}
