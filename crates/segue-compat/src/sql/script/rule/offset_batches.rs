//! Batches by OFFSET lose rows.
//!
//! # What it checks
//! `SELECT … OFFSET` as a way through a table.
//!
//! # Why it breaks
//! Rows that are deleted or moved between two pages shift the rest, so that some are never seen; every page reads all earlier ones again.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/queries-limit.html>.
//!
//! # Safe path
//! Walk by the key: `WHERE id > last ORDER BY id LIMIT n`.
//!
//! # Example
//! ```sql
//! SELECT * FROM users ORDER BY id LIMIT 1000 OFFSET 5000;
//! ```

use super::super::walk::Step;
use super::{Finding, Found};
use crate::rule::Rule;
use crate::sql::postgres::cursor::Cursor;
use crate::sql::postgres::statement::Stmt;
use segue_model::finding::Severity;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-offset-batches",
    title: "batches by OFFSET lose rows",
    why: "Rows that are deleted or moved between two pages shift the rest, so that some are never seen; every page reads all earlier ones again.",
    fix: "Walk by a key: WHERE id > last ORDER BY id LIMIT n.",
    answers: &["segue:T6"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let ordered = match step.stmt {
        Stmt::Select { pages: Some(ordered), .. } => *ordered,
        Stmt::Insert { reads, .. } if !reads.is_empty() && mentions(step, "offset") => mentions(step, "order"),
        _ => return,
    };
    let order = if ordered { "" } else { ", and without ORDER BY pages have no order at all" };
    let message = format!("pages by OFFSET skip rows when others are deleted meanwhile{order}");
    found.note(
        step,
        &RULE,
        Severity::Medium,
        Finding { object: format!("statement {}", step.index + 1), change: "offset".to_owned(), message, ..Finding::default() },
    );
}

fn mentions(step: &Step<'_>, word: &str) -> bool {
    Cursor::new(step.script, step.tokens).mentions(word)
}
