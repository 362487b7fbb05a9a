//! A NOT NULL column without a default fails on rows.
//!
//! # What it checks
//! `ADD COLUMN … NOT NULL` without a default on a table that may have rows.
//!
//! # Why it breaks
//! The rows that are there have no value: the server refuses the statement, and if the table is empty, old versions of the application that do not know the column cannot insert any more.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertable.html>.
//!
//! # Safe path
//! Give it a default, or add it nullable, fill it, and set NOT NULL by way of a check.
//!
//! # Example
//! ```sql
//! ALTER TABLE users ADD email text NOT NULL;
//! ```

use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Action;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-add-column-not-null",
    title: "a NOT NULL column without a default fails on rows",
    why: "The rows that are there have no value: the server refuses the statement, and if the table is empty, old versions of the application that do not know the column cannot insert any more.",
    fix: "Add it with a default, or nullable at first.",
    answers: &["squawk:adding-required-field", "squawk:adding-not-nullable-field"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|_, table, action, _| {
        let Action::AddColumn { definition, .. } = action else { return };
        let valued = definition.default.is_some() || definition.serial || definition.identity.is_some() || definition.generated.is_some();
        if !definition.not_null || valued || step.session.is_new(table) {
            return;
        }
        found.danger(
            step,
            &RULE,
            Finding {
                object: on(step, table, Some(&definition.name)),
                change: "add required column".to_owned(),
                message: format!(
                    "{} is NOT NULL without a default: it fails if {} has a row, and old writers do not fill it",
                    definition.name,
                    step.shown(table)
                ),
                ..Finding::default()
            },
        );
    });
}
