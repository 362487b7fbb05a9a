//! A materialised view is refreshed while readers wait.
//!
//! # What it checks
//! `REFRESH MATERIALIZED VIEW` without `CONCURRENTLY`.
//!
//! # Why it breaks
//! Readers of the view wait until its query has run and its rows are written.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html>.
//!
//! # Safe path
//! `REFRESH MATERIALIZED VIEW CONCURRENTLY`; it needs a unique index on the view.
//!
//! # Example
//! ```sql
//! REFRESH MATERIALIZED VIEW sales;
//! ```

use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Stmt;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-refresh-view",
    title: "a materialised view is refreshed while readers wait",
    why: "Readers of the view wait until its query has run and its rows are written.",
    fix: "Refresh it CONCURRENTLY; it needs a unique index.",
    answers: &["squawk:require-concurrent-refresh"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let Stmt::Refresh { name, concurrently: false, with_data: true } = step.stmt else { return };
    let view = step.world.resolve(name);
    let message = format!("readers of {} wait until it is refreshed", step.shown(&view));
    found.danger(step, &RULE, Finding { object: on(step, &view, None), change: "refresh".to_owned(), message, ..Finding::default() });
}
