//! A right is gone.
//!
//! # What it checks
//! Rights on a table or column that only the old side gives.
//!
//! # Why it breaks
//! Statements of a role that used it fail.
//!
//! # Safe path
//! Take a right away only when the server's statistics show that no statement needs it.
//!
//! # Example
//! ```sql
//! -- old
//! GRANT SELECT ON t TO app;
//! -- new
//! -- no such grant
//! ```

use super::super::pair::{Pair, Sides};
use super::super::sink::{DEPLOY, Sink, column_path, table_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-grant-removed",
    title: "A right is gone",
    why: "Statements of a role that used it fail.",
    fix: "Take a right away only when the server's statistics show that no statement needs it.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    for (path, right) in rights(pair, true) {
        let message = format!("{right} on {path} is taken away");
        sink.add(&RULE, DEPLOY, path, format!("revoked {right}"), message);
    }
}

/// Rights that only one side gives: the old one's, or the new one's.
pub(super) fn rights(pair: &Pair<'_>, of_old: bool) -> Vec<(String, String)> {
    let (from, other) = if of_old { (pair.old, pair.new) } else { (pair.new, pair.old) };
    let mut found: Vec<(String, String)> =
        from.grants.iter().filter(|right| !other.grants.contains(right)).map(|right| (table_path(from), right.clone())).collect();
    for couple in &pair.couples {
        let (mine, theirs) = if of_old { (couple.old, couple.new) } else { (couple.new, couple.old) };
        found.extend(
            mine.grants.iter().filter(|right| !theirs.grants.contains(right)).map(|right| (column_path(from, mine), right.clone())),
        );
    }
    found
}
