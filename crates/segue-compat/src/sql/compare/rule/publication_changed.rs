//! A table is published in another way.
//!
//! # What it checks
//! The publications that carry a table, with their columns and filters.
//!
//! # Why it breaks
//! Subscribers stop to receive changes without a word, or receive what they have no column for.
//!
//! # Safe path
//! Change subscribers first; compare both ends afterwards.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE PUBLICATION p FOR TABLE t;
//! -- new
//! -- no such publication
//! ```

use segue_model::finding::Severity;

use super::super::expression;
use super::super::pair::{Pair, Sides};
use super::super::sink::{BOTH, DEPLOY, ROLLBACK, Sink, table_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-publication-changed",
    title: "A table is published in another way",
    why: "Subscribers stop to receive changes without a word, or receive what they have no column for.",
    fix: "Change subscribers first; compare both ends afterwards.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let table = &pair.new.name.name;
    for old in &pair.old.publications {
        let Some(new) = pair.new.publications.iter().find(|new| new.name == old.name) else {
            let message = format!("publication {} does not carry table {table} any more", old.name);
            sink.add(&RULE, DEPLOY, table_path(pair.new), format!("publication {} removed", old.name), message);
            continue;
        };
        if !expression::same(&old.definition, &new.definition, sides.dialect) {
            let message = format!("publication {} carries table {table} with other columns or rows", old.name);
            sink.add(&RULE, BOTH, table_path(pair.new), format!("publication {} changed", old.name), message).not_decided();
        }
    }
    for new in pair.new.publications.iter().filter(|new| !pair.old.publications.iter().any(|old| old.name == new.name)) {
        let message = format!("publication {} carries table {table} now", new.name);
        sink.add(&RULE, ROLLBACK, table_path(pair.new), format!("publication {} added", new.name), message).at_most(Severity::Low);
    }
}
