//! An unlogged table is emptied by a crash.
//!
//! # What it checks
//! `SET UNLOGGED`, `CREATE UNLOGGED TABLE`.
//!
//! # Why it breaks
//! An unlogged table is empty after a crash, and is not on any standby.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-UNLOGGED>.
//!
//! # Safe path
//! Keep it logged, unless its rows can be made again.
//!
//! # Example
//! ```sql
//! ALTER TABLE sessions SET UNLOGGED;
//! ```

use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::{Action, Stmt};
use segue_model::finding::Severity;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-set-unlogged",
    title: "an unlogged table is emptied by a crash",
    why: "An unlogged table is empty after a crash, and is not on any standby.",
    fix: "Keep the table logged unless its rows can be made again.",
    answers: &[],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let table = match step.stmt {
        Stmt::CreateTable(table) if table.unlogged => Some(table.name.in_schema(step.world.schema())),
        _ => step
            .alter()
            .filter(|(_, actions)| actions.iter().any(|action| matches!(action, Action::SetLogged { logged: false })))
            .map(|(name, _)| name),
    };
    if let Some(table) = table {
        let message = format!("{} is empty after a crash and missing on standbys", step.shown(&table));
        found.note(
            step,
            &RULE,
            Severity::Medium,
            Finding { object: on(step, &table, None), change: "unlogged".to_owned(), message, ..Finding::default() },
        );
    }
}
