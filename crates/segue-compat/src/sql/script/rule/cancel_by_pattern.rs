//! A session is ended by the text of its query.
//!
//! # What it checks
//! `pg_cancel_backend` or `pg_terminate_backend` over `pg_stat_activity` with a pattern on `query` and without leaving out the own session.
//!
//! # Why it breaks
//! The statement's own text matches its pattern: it ends its own session, and anybody else's whose query happens to look alike.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL>.
//!
//! # Safe path
//! Leave out `pg_backend_pid()`, and find sessions by `application_name`.
//!
//! # Example
//! ```sql
//! SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%migration%';
//! ```

use super::super::walk::Step;
use super::{Finding, Found};
use crate::rule::Rule;
use crate::sql::postgres::statement::Stmt;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-cancel-by-pattern",
    title: "a session is ended by the text of its query",
    why: "The statement's own text matches its pattern: it ends its own session, and anybody else's whose query happens to look alike.",
    fix: "Leave out pg_backend_pid() and go by application_name.",
    answers: &["segue:T15"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let Stmt::Select { calls, text_words, .. } = step.stmt else { return };
    let ends = calls.iter().any(|call| call == "pg_cancel_backend" || call == "pg_terminate_backend");
    let own = calls.iter().any(|call| call == "pg_backend_pid");
    if ends && !own && text_words.iter().any(|word| word == "query") {
        let message = "the pattern matches this statement too: it ends its own session".to_owned();
        found.danger(
            step,
            &RULE,
            Finding {
                object: format!("statement {}", step.index + 1),
                change: "cancel by pattern".to_owned(),
                message,
                ..Finding::default()
            },
        );
    }
}
