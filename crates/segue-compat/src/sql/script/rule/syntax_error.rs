//! A statement has a syntax error.
//!
//! # What it checks
//! A statement that the parser does not take.
//!
//! # Why it breaks
//! The server will not take it either, and the migration stops there.
//!
//! # Safe path
//! Mend it.
//!
//! # Example
//! ```sql
//! ALTER TABLE users ADD COLUMN;
//! ```

use super::super::walk::Step;
use super::{Finding, Found};
use crate::rule::Rule;
use crate::sql::postgres::statement::Stmt;
use crate::sql::postgres::syntax;
use segue_model::finding::Severity;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-syntax-error",
    title: "a statement has a syntax error",
    why: "The server will not take it either, and the migration stops there.",
    fix: "Mend the statement.",
    answers: &["squawk:syntax-error"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    if matches!(step.stmt, Stmt::Other(_)) {
        return;
    }
    let Some((at, what)) = syntax::error(step.script, &step.piece) else { return };
    let line = crate::sql::postgres::line(step.script, at);
    let object = format!("statement {}", step.index + 1);
    let message = format!("line {line}: the parser does not take it: {}", what.to_lowercase());
    found.note(
        step,
        &RULE,
        Severity::Medium,
        Finding { object, change: "syntax".to_owned(), message, undecided: true, ..Finding::default() },
    );
}
