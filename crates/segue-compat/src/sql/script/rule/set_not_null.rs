//! SET NOT NULL reads the whole table.
//!
//! # What it checks
//! `ALTER COLUMN … SET NOT NULL` without a valid check that says `IS NOT NULL`.
//!
//! # Why it breaks
//! All rows are read under an ACCESS EXCLUSIVE lock. From version 12 on a validated `CHECK (… IS NOT NULL)` is proof enough, and nothing is read.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL>.
//!
//! # Safe path
//! Add the check NOT VALID, validate it, set NOT NULL, drop the check.
//!
//! # Example
//! ```sql
//! ALTER TABLE users ALTER COLUMN email SET NOT NULL;
//! ```

use super::super::effect::not_null_is_known;
use super::super::journey;
use super::super::lock::Mode;
use super::super::sequence;
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Action;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-set-not-null",
    title: "SET NOT NULL reads the whole table",
    why: "All rows are read under an ACCESS EXCLUSIVE lock. From version 12 on a validated `CHECK (… IS NOT NULL)` is proof enough, and nothing is read.",
    fix: "Add and validate a check first.",
    answers: &["strong_migrations:change_column_null", "squawk:adding-not-nullable-field"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|at, table, action, around| {
        let Action::SetNotNull { column } = action else { return };
        if not_null_is_known(around.world.tables.get(table), column, around.version) {
            return;
        }
        let Some(weight) = step.weigh(table, Work::Scan, Mode::AccessExclusive) else { return };
        let finding = Finding {
            object: on(step, table, Some(column)),
            change: "set not null".to_owned(),
            message: format!("SET NOT NULL on {column} of {} looks at every row", step.shown(table)),
            safe_sql: sequence::not_null(step, at, table, column),
            segue: journey::shown(journey::of_action(step, around, table, action), journey::ONE),
            ..Finding::default()
        };
        found.weighed(step, &RULE, &weight, finding);
    });
}
