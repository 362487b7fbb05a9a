//! A view says something else.
//!
//! # What it checks
//! The text of a view, spacing and case apart.
//!
//! # Why it breaks
//! Columns may be gone and rows may differ; a text alone does not tell.
//!
//! # Safe path
//! Make a new view beside the old one, move readers, then drop the old one.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE VIEW active AS SELECT id, email FROM users;
//! -- new
//! CREATE VIEW active AS SELECT id FROM users;
//! ```

use super::super::expression;
use super::super::pair::Sides;
use super::super::sink::{NOTHING, Sink};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-view-changed",
    title: "A view says something else",
    why: "Columns may be gone and rows may differ; a text alone does not tell.",
    fix: "Make a new view beside the old one, move readers, then drop the old one.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, sink: &mut Sink<'_>) {
    let (old, new) = sides.views();
    for (key, view) in &old {
        let Some(other) = new.get(key) else { continue };
        let same = expression::same(view.definition.trim_end_matches(';'), other.definition.trim_end_matches(';'), sides.dialect);
        if !same || view.materialized != other.materialized {
            let message =
                format!("view {} has another definition: whether its columns and rows stay cannot be told from its text", other.name.name);
            sink.add(&RULE, NOTHING, crate::sql::ddl::path_of(&other.name), "definition", message).not_decided();
        }
    }
}
