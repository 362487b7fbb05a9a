//! A new column must be given.
//!
//! # What it checks
//! A new column that is not null, has no default and is not made by the server.
//!
//! # Why it breaks
//! Every insert of the old version fails, because it does not name the column; and rows that are there have no value for
//! it.
//!
//! # Safe path
//! Add it as nullable or with a default, fill it, and make it not null once every writer gives it.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (id int);
//! -- new
//! CREATE TABLE t (id int, email text NOT NULL);
//! ```

use super::super::pair::{Pair, Sides};
use super::super::sink::{BOTH, Sink, column_path};
use super::column_added::required;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-column-required-added",
    title: "A new column must be given",
    why: "Every insert of the old version fails, because it does not name the column; and rows that are there have no value for it.",
    fix: "Add it as nullable or with a default, fill it, and make it not null once every writer gives it.",
    answers: &["atlas:MF103", "atlas:MY101", "squawk:adding-required-field"],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    for column in pair.added.iter().filter(|column| required(column)) {
        let message = format!(
            "column {}.{} is new, not null and without a default: writers of the old version do not give it",
            pair.new.name.name, column.name
        );
        sink.add(&RULE, BOTH, column_path(pair.new, column), "added not null", message);
    }
}
