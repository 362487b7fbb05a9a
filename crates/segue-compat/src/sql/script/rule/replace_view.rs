//! A view says something else from now on.
//!
//! # What it checks
//! `CREATE OR REPLACE VIEW` of a view that is there, or of which nobody said whether it is there.
//!
//! # Why it breaks
//! The server keeps its columns, and refuses a query that would take one away or name it otherwise; which rows the view
//! gives and what stands in them may change all the same, and a text alone does not tell.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-createview.html>.
//!
//! # Safe path
//! Make the new view under another name, move the readers, then drop the old one.
//!
//! # Example
//! ```sql
//! CREATE OR REPLACE VIEW active AS SELECT id FROM users WHERE NOT locked;
//! ```

use segue_model::finding::Severity;

use super::super::effect::view_columns;
use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::Dialect;
use crate::sql::compare::same;
use crate::sql::postgres::statement::Stmt;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-replace-view",
    title: "a view says something else from now on",
    why: "Its readers get other rows or values under the same name, and a text alone does not tell whether they do.",
    fix: "Make the new view under another name, move the readers, then drop the old one.",
    answers: &[],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let Stmt::CreateView { name, or_replace: true, temporary: false, definition, .. } = step.stmt else { return };
    if step.effect.fails.is_some() {
        return;
    }
    let full = step.world.resolve(name);
    let shown = step.shown(&full);
    let message = match step.world.views.get(&full) {
        Some(old) if same(&old.definition, definition, Dialect::Postgres) => return,
        Some(old) => match (view_columns(&old.definition, step.world), view_columns(definition, step.world)) {
            (Some(_), Some(_)) => format!("view {shown} keeps its columns; whether its rows and values stay cannot be told from its text"),
            _ => format!("view {shown} has another query: whether its columns and rows stay cannot be told from its text"),
        },
        // With a schema, a view that is not there is made.
        None if step.facts.is_some() => return,
        None => format!("view {shown} may be there already, and whether its columns and rows stay is not known"),
    };
    let finding =
        Finding { object: on(step, &full, None), change: "replace view".to_owned(), message, undecided: true, ..Finding::default() };
    found.note(step, &RULE, Severity::Medium, finding);
}
