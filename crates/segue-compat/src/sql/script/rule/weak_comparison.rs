//! A comparison that cannot see what it is for.
//!
//! # What it checks
//! `SELECT … EXCEPT SELECT` as a check of equality, in one direction only.
//!
//! # Why it breaks
//! EXCEPT is a comparison of sets, one way: lost duplicates and extra rows on the other side do not show, and a count beside it can agree by chance.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/queries-union.html>.
//!
//! # Safe path
//! Compare both ways with EXCEPT ALL, or by hashes of rows for each key; Segue's `verify` does.
//!
//! # Example
//! ```sql
//! SELECT * FROM old EXCEPT SELECT * FROM new;
//! ```

use super::super::walk::Step;
use super::{Finding, Found};
use crate::rule::Rule;
use crate::sql::postgres::cursor::Cursor;
use crate::sql::postgres::statement::Stmt;
use segue_model::finding::Severity;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-weak-comparison",
    title: "a comparison that cannot see what it is for",
    why: "EXCEPT is a comparison of sets, one way: lost duplicates and extra rows on the other side do not show, and a count beside it can agree by chance.",
    fix: "Compare both ways with EXCEPT ALL, or row by row by key.",
    answers: &["segue:T3"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let Stmt::Select { .. } = step.stmt else { return };
    let cursor = Cursor::new(step.script, step.tokens);
    let times = cursor.rest().iter().filter(|token| cursor.slice(**token).eq_ignore_ascii_case("except")).count();
    if times == 1 && !cursor.mentions("all") {
        let message = "EXCEPT in one direction finds neither extra rows nor lost duplicates".to_owned();
        found.note(
            step,
            &RULE,
            Severity::Medium,
            Finding { object: format!("statement {}", step.index + 1), change: "except".to_owned(), message, ..Finding::default() },
        );
    }
}
