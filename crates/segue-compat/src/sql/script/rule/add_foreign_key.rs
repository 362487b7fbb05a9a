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

use super::super::lock::Mode;
use super::super::sequence;
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::{Action, ConstraintBody};
use crate::sql::{Dialect, compare};

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
    step.each_action(|at, table, action, _| {
        let Action::AddConstraint(constraint) = action else { return };
        let ConstraintBody::ForeignKey { columns, table: other, references, actions } = &constraint.what else { return };
        if constraint.not_valid || constraint.not_enforced {
            return;
        }
        let other = step.world.resolve(other);
        let Some(weight) = step.weigh(table, Work::Scan, Mode::ShareRowExclusive) else { return };
        let name = step.world.constraint_name(table, constraint);
        let partitioned = step.world.tables.get(table).is_some_and(|table| table.partition_key.is_some()) && step.version < 180_000;
        let happens = happens(actions);
        let plain = happens.is_some() && !references.is_empty() && constraint.deferrable.is_empty() && !weight.small;
        let finding = Finding {
            object: on(step, table, Some(&name)),
            change: "add foreign key".to_owned(),
            message: format!("foreign key {name} makes writers of {} and {} wait", step.shown(table), step.shown(&other)),
            safe_sql: if partitioned { Vec::new() } else { sequence::not_valid(step, at, table, constraint) },
            segue: happens.filter(|_| plain).map(|happens| {
                let mut key = serde_json::json!({"table": step.shown(table), "name": name, "columns": columns,
                    "references": {"table": step.shown(&other), "columns": references}});
                for (when, action) in happens {
                    key[when] = action.into();
                }
                serde_json::json!({"add_foreign_key": key})
            }),
            ..Finding::default()
        };
        found.weighed(step, &RULE, &weight, finding);
    });
}

/// What happens when the row there goes or its key changes, in Segue's words; none for what these do not say.
fn happens(actions: &str) -> Option<Vec<(&'static str, String)>> {
    let has = |word: &str| actions.to_lowercase().contains(word);
    if has("(") || has("match") {
        return None;
    }
    let (delete, update) = compare::written_actions(actions, Dialect::Postgres);
    Some([("on_delete", delete), ("on_update", update)].into_iter().filter(|(_, what)| what != "no action").collect())
}
