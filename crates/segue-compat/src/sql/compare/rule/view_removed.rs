//! A view is gone.
//!
//! # What it checks
//! A view of the old schema that the new one does not have.
//!
//! # Why it breaks
//! Every query of the old version on it fails.
//!
//! # Safe path
//! Keep the view until nobody reads it; it holds no rows of its own unless it is materialised.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE VIEW active AS SELECT id FROM users;
//! -- new
//! -- no such view
//! ```

use super::super::pair::Sides;
use super::super::sink::{DEPLOY, Sink};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-view-removed",
    title: "A view is gone",
    why: "Every query of the old version on it fails.",
    fix: "Keep the view until nobody reads it; it holds no rows of its own unless it is materialised.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, sink: &mut Sink<'_>) {
    let (old, new) = sides.views();
    for (key, view) in &old {
        if !new.contains_key(key) {
            let message = format!("view {} is gone", view.name.name);
            sink.add(&RULE, DEPLOY, crate::sql::ddl::path_of(&view.name), "removed", message);
        }
    }
}
