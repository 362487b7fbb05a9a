//! A column is new.
//!
//! # What it checks
//! A column that only the new table has and that a writer may leave out.
//!
//! # Why it breaks
//! The new version does not find it when it goes back to the old table. Statements that name no columns meet it at once.
//!
//! # Safe path
//! Add it before the version that uses it, and keep it when you go back.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (id int);
//! -- new
//! CREATE TABLE t (id int, nick text);
//! ```

use segue_model::catalog::Column;
use segue_model::finding::Severity;

use super::super::pair::{Pair, Sides};
use super::super::sink::{ROLLBACK, Sink, column_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-column-added",
    title: "A column is new",
    why: "The new version does not find it when it goes back to the old table. Statements that name no columns meet it at once.",
    fix: "Add it before the version that uses it, and keep it when you go back.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    for column in pair.added.iter().filter(|column| !required(column)) {
        let message = format!("column {}.{} is new and may be left out", pair.new.name.name, column.name);
        sink.add(&RULE, ROLLBACK, column_path(pair.new, column), "added", message).at_most(Severity::Low);
    }
}

/// A writer must give a value.
pub(super) fn required(column: &Column) -> bool {
    !column.nullable && column.default.is_none() && column.generated.is_none() && column.identity.is_none()
}
