//! A table is new.
//!
//! # What it checks
//! A table that only the new schema has.
//!
//! # Why it breaks
//! The new version cannot go back to the old schema without it.
//!
//! # Safe path
//! Nothing is needed to deploy. Keep the table when you go back.
//!
//! # Example
//! ```sql
//! -- old
//! -- no such table
//! -- new
//! CREATE TABLE orders (id bigint PRIMARY KEY);
//! ```

use segue_model::finding::Severity;

use super::super::pair::Sides;
use super::super::sink::{ROLLBACK, Sink, table_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-table-added",
    title: "A table is new",
    why: "The new version cannot go back to the old schema without it.",
    fix: "Nothing is needed to deploy. Keep the table when you go back.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, sink: &mut Sink<'_>) {
    for table in &sides.added {
        let message = format!("table {} is new: the new version does not find it in the old schema", table.name.name);
        sink.add(&RULE, ROLLBACK, table_path(table), "added", message).at_most(Severity::Low);
    }
}
