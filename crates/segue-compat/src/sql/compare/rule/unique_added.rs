//! Values must be unique now.
//!
//! # What it checks
//! Unique constraints and indexes that only the new side has, by what they hold and not by name.
//!
//! # Why it breaks
//! Writers of the old version make doubles, which are refused; the change itself fails where doubles are there.
//!
//! # Safe path
//! Look for doubles first (`add_unique` in segue.yaml lists them at a gate), build the index without a lock, then make it
//! a constraint.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (email text);
//! -- new
//! CREATE TABLE t (email text UNIQUE);
//! ```

use super::super::key;
use super::super::pair::{Pair, Sides};
use super::super::sink::{BOTH, Sink, part_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-unique-added",
    title: "Values must be unique now",
    why: "Writers of the old version make doubles, which are refused; the change itself fails where doubles are there.",
    fix: "Look for doubles first (`add_unique` in segue.yaml lists them at a gate), build the index without a lock, then make it a constraint.",
    answers: &["atlas:MF101", "squawk:disallowed-unique-constraint"],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let old = key::uniques(pair.old, |names| pair.new_names(names), sides.dialect);
    for (held, name) in key::uniques(pair.new, <[String]>::to_vec, sides.dialect) {
        if !old.contains_key(&held) {
            let message = format!("values of {held} in table {} must be unique now", pair.new.name.name);
            sink.add(&RULE, BOTH, part_path(pair.new, &name), format!("unique {held} added"), message);
        }
    }
}
