//! An index is new.
//!
//! # What it checks
//! Indexes that are not unique and that only the new side has, by what they hold and not by name.
//!
//! # Why it breaks
//! Nothing fails; building it may block writers unless it is built concurrently.
//!
//! # Safe path
//! Build it concurrently, or online.
//!
//! # Example
//! ```sql
//! -- old
//! -- no such index
//! -- new
//! CREATE INDEX i ON t (a);
//! ```

use super::super::pair::{Pair, Sides};
use super::super::sink::{NOTHING, Sink, part_path};
use super::index_dropped::indexes;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-index-added",
    title: "An index is new",
    why: "Nothing fails; building it may block writers unless it is built concurrently.",
    fix: "Build it concurrently, or online.",
    answers: &["squawk:require-concurrent-index-creation"],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let old = indexes(sides, pair, pair.old, true);
    for (held, name) in indexes(sides, pair, pair.new, false) {
        if !old.contains_key(&held) {
            let message = format!("index {name} of table {} is new", pair.new.name.name);
            sink.add(&RULE, NOTHING, part_path(pair.new, &name), format!("index{held} added"), message);
        }
    }
}
