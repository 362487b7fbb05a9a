//! A backfill leaves out the rows that fail later.
//!
//! # What it checks
//! `UPDATE … SET a = … WHERE b IS NOT NULL`, and later `a SET NOT NULL` (or a validated `a IS NOT NULL`).
//!
//! # Why it breaks
//! Rows in which `b` is NULL keep NULL in `a`, and the constraint fails on them at the end of the migration.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-update.html>.
//!
//! # Safe path
//! Fill every row: give the rest a value too, or leave the column nullable.
//!
//! # Example
//! ```sql
//! UPDATE users SET verified = true WHERE email IS NOT NULL;
//! ALTER TABLE users ALTER verified SET NOT NULL;
//! ```

use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Action;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-guarded-backfill",
    title: "a backfill leaves out the rows that fail later",
    why: "Rows in which `b` is NULL keep NULL in `a`, and the constraint fails on them at the end of the migration.",
    fix: "Give the rows that the condition leaves out a value too.",
    answers: &["segue:T1"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|_, table, action, around| {
        let column = match action {
            Action::SetNotNull { column } => column.clone(),
            Action::ValidateConstraint { name } => {
                let checked = around.world.tables.get(table).and_then(|found| {
                    found.constraints.iter().find(|check| check.name == *name && check.definition.contains("IS NOT NULL"))
                });
                let Some(column) = checked.and_then(|check| check.columns.first().cloned()) else { return };
                column
            }
            _ => return,
        };
        let full = |sets: &Vec<String>, guards: &Vec<String>| sets.contains(&column) && guards.iter().all(|guard| *guard == column);
        let fills: Vec<_> = step.session.guarded.iter().filter(|(other, sets, _)| other == table && sets.contains(&column)).collect();
        let Some((_, _, guards)) = fills.first().filter(|_| !fills.iter().any(|(_, sets, guards)| full(sets, guards))) else { return };
        let message = format!(
            "{column} of {} was filled only where {} IS NOT NULL: the other rows still have NULL, and this fails",
            step.shown(table),
            guards.join(", ")
        );
        found.danger(
            step,
            &RULE,
            Finding { object: on(step, table, Some(&column)), change: "guarded backfill".to_owned(), message, ..Finding::default() },
        );
    });
}
