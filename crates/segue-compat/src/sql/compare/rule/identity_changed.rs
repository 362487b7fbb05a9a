//! Numbers are given in another way.
//!
//! # What it checks
//! AUTO_INCREMENT, `serial`, identity columns and the rowid of SQLite.
//!
//! # Why it breaks
//! Inserts without the column fail where the server no longer numbers rows, and inserts with it where it is ALWAYS.
//!
//! # Safe path
//! Keep the numbering until every writer gives numbers; begin a new sequence behind the largest number.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY);
//! -- new
//! CREATE TABLE t (id int PRIMARY KEY);
//! ```

use segue_model::finding::Severity;

use super::super::pair::{Couple, Pair, Sides};
use super::super::sink::{BOTH, DEPLOY, NOTHING, ROLLBACK, Sink, column_path};
use super::super::typed;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-identity-changed",
    title: "Numbers are given in another way",
    why: "Inserts without the column fail where the server no longer numbers rows, and inserts with it where it is ALWAYS.",
    fix: "Keep the numbering until every writer gives numbers; begin a new sequence behind the largest number.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    let (old, new) = (couple.old.identity.as_deref(), couple.new.identity.as_deref());
    if old == new {
        return;
    }
    let shown = typed::shown(pair, couple);
    let (breaks, message) = match (old, new) {
        (Some(_), None) if couple.new.default.is_some() => (NOTHING, format!("column {shown} is numbered by a default now")),
        (None, Some(_)) if couple.old.default.is_some() && new != Some("always") => {
            (NOTHING, format!("column {shown} is numbered by the server itself now"))
        }
        (Some(_), None) => {
            (DEPLOY, format!("column {shown} is not numbered by the server any more: inserts that leave it out fail or store NULL"))
        }
        (None, Some("always")) => (BOTH, format!("column {shown} is always numbered by the server: inserts that give a number fail")),
        (None, Some(_)) => (ROLLBACK, format!("column {shown} is numbered by the server now")),
        (_, Some("always")) => (DEPLOY, format!("column {shown} is always numbered by the server: inserts that give a number fail")),
        (Some("always"), _) => (ROLLBACK, format!("column {shown} takes numbers from writers now")),
        _ => (NOTHING, format!("column {shown} is numbered in another way")),
    };
    let change = format!("identity {} -> {}", old.unwrap_or("none"), new.unwrap_or("none"));
    sink.add(&RULE, breaks, column_path(pair.new, couple.new), change, message).at_least(Severity::Low);
}
