//! Rows need not pass a check any more.
//!
//! # What it checks
//! Checks that only the old side has, by their text, renames followed.
//!
//! # Why it breaks
//! Rows that the old version never met come to be; going back, the check refuses them.
//!
//! # Safe path
//! Keep the check until readers know such rows; count the rows that fail it before going back.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (price int CHECK (price > 0));
//! -- new
//! CREATE TABLE t (price int);
//! ```

use segue_model::finding::Severity;

use super::super::key;
use super::super::pair::{Pair, Sides};
use super::super::sink::{ROLLBACK, Sink, part_path};
use super::check_added::shown;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-check-dropped",
    title: "Rows need not pass a check any more",
    why: "Rows that the old version never met come to be; going back, the check refuses them.",
    fix: "Keep the check until readers know such rows; count the rows that fail it before going back.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    for (old, new) in key::checks(sides, pair) {
        let (Some(old), None) = (old, new) else { continue };
        let message = format!("rows of table {} need not pass the check {} any more", pair.new.name.name, shown(&old.name));
        sink.add(&RULE, ROLLBACK, part_path(pair.old, &old.name), format!("check {} dropped", key::condition(&old.definition)), message)
            .at_least(Severity::Medium);
    }
}
