//! A column is gone.
//!
//! # What it checks
//! A column of the old table that the new one does not have, and that no new column resembles.
//!
//! # Why it breaks
//! Statements of the old version that name it fail, and its values are lost. Where it had to be given, the new version
//! cannot write to the old table either.
//!
//! # Safe path
//! Stop reading it, then stop writing it, then drop it. `drop_column` in segue.yaml keeps both versions working until
//! `contract`.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (id int, nick text);
//! -- new
//! CREATE TABLE t (id int);
//! ```

use super::super::pair::{Pair, Sides};
use super::super::sink::{BOTH, DEPLOY, Sink, column_path};
use super::column_added::required;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-column-removed",
    title: "A column is gone",
    why: "Statements of the old version that name it fail, and its values are lost. Where it had to be given, the new version cannot write to the old table either.",
    fix: "Stop reading it, then stop writing it, then drop it. `drop_column` in segue.yaml keeps both versions working until `contract`.",
    answers: &["atlas:DS103", "squawk:ban-drop-column"],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    for column in &pair.removed {
        let must = required(column);
        let message = format!("column {}.{} is gone, with its values", pair.old.name.name, column.name);
        let breaks = if must { BOTH } else { DEPLOY };
        sink.add(&RULE, breaks, column_path(pair.old, column), "removed", message).critical();
    }
}
