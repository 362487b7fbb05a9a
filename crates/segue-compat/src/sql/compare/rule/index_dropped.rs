//! An index is gone.
//!
//! # What it checks
//! Indexes that are not unique and that only the old side has, by what they hold and not by name.
//!
//! # Why it breaks
//! Queries of the old version that were quick read the whole table.
//!
//! # Safe path
//! Make sure that no query uses it (the server counts its uses), and drop it without a lock.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE INDEX i ON t (a);
//! -- new
//! -- no such index
//! ```

use std::collections::BTreeMap;

use segue_model::catalog::{Index, Table};
use segue_model::finding::Severity;

use super::super::expression;
use super::super::key;
use super::super::pair::{Pair, Sides};
use super::super::sink::{NOTHING, Sink, part_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-index-dropped",
    title: "An index is gone",
    why: "Queries of the old version that were quick read the whole table.",
    fix: "Make sure that no query uses it (the server counts its uses), and drop it without a lock.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let old = indexes(sides, pair, pair.old, true);
    let new = indexes(sides, pair, pair.new, false);
    for (held, name) in old.iter().filter(|(held, _)| !new.contains_key(*held)) {
        let gone = pair
            .old
            .indexes
            .iter()
            .find(|index| index.name == *name)
            .is_some_and(|index| index.columns.iter().any(|column| pair.removed.iter().any(|removed| removed.name == *column)));
        if !gone {
            let message = format!("index {name} of table {} is gone: queries that used it read more", pair.new.name.name);
            sink.add(&RULE, NOTHING, part_path(pair.old, name), format!("index{held} dropped"), message).at_least(Severity::Medium);
        }
    }
}

/// What each index holds that is not unique, with its name.
pub(super) fn indexes(sides: &Sides<'_>, pair: &Pair<'_>, table: &Table, renamed: bool) -> BTreeMap<String, String> {
    let plain = table.indexes.iter().filter(|index| !index.unique && !index.primary);
    let held = |index: &Index| {
        let form = key::form(index, sides.dialect);
        if renamed { pair.renamed_text(&form, sides.dialect) } else { expression::form(&form, sides.dialect) }
    };
    plain.map(|index| (held(index), index.name.clone())).collect()
}
