//! A view is new.
//!
//! # What it checks
//! A view that only the new schema has.
//!
//! # Why it breaks
//! The new version cannot go back to the old schema without it.
//!
//! # Safe path
//! Keep the view when you go back.
//!
//! # Example
//! ```sql
//! -- old
//! -- no such view
//! -- new
//! CREATE VIEW active AS SELECT id FROM users;
//! ```

use segue_model::finding::Severity;

use super::super::pair::Sides;
use super::super::sink::{ROLLBACK, Sink};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-view-added",
    title: "A view is new",
    why: "The new version cannot go back to the old schema without it.",
    fix: "Keep the view when you go back.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, sink: &mut Sink<'_>) {
    let (old, new) = sides.views();
    for (key, view) in &new {
        if !old.contains_key(key) {
            let message = format!("view {} is new", view.name.name);
            sink.add(&RULE, ROLLBACK, crate::sql::ddl::path_of(&view.name), "added", message).at_most(Severity::Low);
        }
    }
}
