//! The old version does not expect NULL.
//!
//! # What it checks
//! `ALTER COLUMN … DROP NOT NULL`.
//!
//! # Why it breaks
//! New writers may store NULL, which versions of the application that are still at work (or come back by a rollback) do not expect.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertable.html>.
//!
//! # Safe path
//! Let every reader take NULL first.
//!
//! # Example
//! ```sql
//! ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
//! ```

use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Action;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-drop-not-null",
    title: "the old version does not expect NULL",
    why: "New writers may store NULL, which versions of the application that are still at work (or come back by a rollback) do not expect.",
    fix: "Let every reader take NULL before writers store it.",
    answers: &["squawk:ban-drop-not-null"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|_, table, action, _| {
        let Action::DropNotNull { column } = action else { return };
        if step.session.is_new(table) {
            return;
        }
        found.push_rollback(
            step,
            &RULE,
            Finding {
                object: on(step, table, Some(column)),
                change: "drop not null".to_owned(),
                message: format!("{column} of {} may be NULL: readers of the old version do not expect it", step.shown(table)),
                ..Finding::default()
            },
        );
    });
}
