//! A table became another kind of table.
//!
//! # What it checks
//! Ordinary, partitioned, partition and foreign or virtual tables that turn into each other, and the tables that they
//! inherit from.
//!
//! # Why it breaks
//! Keys, locks and what statements are possible differ between the kinds, and a table is moved by copying its rows.
//!
//! # Safe path
//! Build the new table beside the old one, copy while both are written, then change over.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE log (at date);
//! -- new
//! CREATE TABLE log (at date) PARTITION BY RANGE (at);
//! ```

use super::super::pair::{Pair, Sides};
use super::super::sink::{BOTH, Sink, table_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-table-kind-changed",
    title: "A table became another kind of table",
    why: "Keys, locks and what statements are possible differ between the kinds, and a table is moved by copying its rows.",
    fix: "Build the new table beside the old one, copy while both are written, then change over.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    if pair.old.kind != pair.new.kind {
        let message = format!("table {} was {} and is {}", pair.new.name.name, word(pair.old.kind), word(pair.new.kind));
        let change = format!("kind {} -> {}", word(pair.old.kind), word(pair.new.kind));
        sink.add(&RULE, BOTH, table_path(pair.new), change, message).not_decided();
        return;
    }
    let same = pair.old.parents.len() == pair.new.parents.len()
        && pair.old.parents.iter().zip(&pair.new.parents).all(|(old, new)| sides.same_target(Some(old), Some(new)));
    if !same {
        let message = format!("table {} inherits from, or is a partition of, other tables than before", pair.new.name.name);
        sink.add(&RULE, BOTH, table_path(pair.new), "parents", message).not_decided();
    }
}

fn word(kind: segue_model::catalog::TableKind) -> &'static str {
    use segue_model::catalog::TableKind;
    match kind {
        TableKind::Ordinary => "an ordinary table",
        TableKind::Partitioned => "partitioned",
        TableKind::Partition => "a partition",
        TableKind::Foreign => "a foreign or virtual table",
    }
}
