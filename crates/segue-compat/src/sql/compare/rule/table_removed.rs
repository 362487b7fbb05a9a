//! A table is gone.
//!
//! # What it checks
//! A table of the old schema that the new one does not have, and that no new table resembles.
//!
//! # Why it breaks
//! Every statement of the old version on it fails, and its rows are lost.
//!
//! # Safe path
//! Stop using it first, keep it aside until nobody asks for it, and drop it last. `drop_table` in segue.yaml does so.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE orders (id bigint PRIMARY KEY);
//! -- new
//! -- no such table
//! ```

use super::super::pair::Sides;
use super::super::sink::{DEPLOY, Sink, table_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-table-removed",
    title: "A table is gone",
    why: "Every statement of the old version on it fails, and its rows are lost.",
    fix: "Stop using it first, keep it aside until nobody asks for it, and drop it last. `drop_table` in segue.yaml does so.",
    answers: &["atlas:DS102", "squawk:ban-drop-table"],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, sink: &mut Sink<'_>) {
    for table in &sides.removed {
        let message = format!("table {} is gone, with its rows", table.name.name);
        sink.add(&RULE, DEPLOY, table_path(table), "removed", message).critical();
    }
}
