//! Values may be doubled now.
//!
//! # What it checks
//! Unique constraints and indexes that only the old side has, by what they hold and not by name.
//!
//! # Why it breaks
//! Upserts (`ON CONFLICT`, `ON DUPLICATE KEY`) of the old version fail or insert doubles; going back, doubles are
//! refused.
//!
//! # Safe path
//! Rewrite upserts first, and keep the index until you will not go back.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (email text UNIQUE);
//! -- new
//! CREATE TABLE t (email text);
//! ```

use super::super::key;
use super::super::pair::{Pair, Sides};
use super::super::sink::{BOTH, Sink, part_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-unique-dropped",
    title: "Values may be doubled now",
    why: "Upserts (`ON CONFLICT`, `ON DUPLICATE KEY`) of the old version fail or insert doubles; going back, doubles are refused.",
    fix: "Rewrite upserts first, and keep the index until you will not go back.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let new = key::uniques(pair.new, <[String]>::to_vec, sides.dialect);
    let gone = |name: &String| pair.removed.iter().any(|column| column.name == *name);
    for (held, name) in key::uniques(pair.old, |names| pair.new_names(names), sides.dialect) {
        let whole_column_gone = pair.old.indexes.iter().any(|index| index.name == name && index.columns.iter().all(gone));
        if !new.contains_key(&held) && !whole_column_gone {
            let message = format!("values of {held} in table {} may be doubled now", pair.new.name.name);
            sink.add(&RULE, BOTH, part_path(pair.old, &name), format!("unique {held} dropped"), message);
        }
    }
}
