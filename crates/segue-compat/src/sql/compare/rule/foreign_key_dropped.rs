//! Rows need not refer to anything any more.
//!
//! # What it checks
//! Foreign keys that only the old side has, by columns and target.
//!
//! # Why it breaks
//! Orphans come to be without a word, what was deleted or changed along no longer is, and going back they stop the key.
//!
//! # Safe path
//! Keep the key while both versions write, or check for orphans regularly.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE o (user_id int REFERENCES users (id));
//! -- new
//! CREATE TABLE o (user_id int);
//! ```

use segue_model::finding::Severity;

use super::super::key;
use super::super::pair::{Pair, Sides};
use super::super::sink::{ROLLBACK, Sink, part_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-foreign-key-dropped",
    title: "Rows need not refer to anything any more",
    why: "Orphans come to be without a word, what was deleted or changed along no longer is, and going back they stop the key.",
    fix: "Keep the key while both versions write, or check for orphans regularly.",
    answers: &["atlas:CD101"],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    for (old, new) in key::foreign_keys(sides, pair) {
        let (Some(old), None) = (old, new) else { continue };
        if old.columns.iter().any(|name| pair.removed.iter().any(|column| column.name == *name)) {
            continue;
        }
        let target = old.references.as_ref().map(|name| name.name.as_str()).unwrap_or_default();
        let columns = old.columns.join(", ");
        let message = format!("({columns}) of table {} need not refer to a row of {target} any more", pair.new.name.name);
        sink.add(&RULE, ROLLBACK, part_path(pair.old, &old.name), format!("foreign key ({columns}) -> {target} dropped"), message)
            .at_least(Severity::Medium);
    }
}
