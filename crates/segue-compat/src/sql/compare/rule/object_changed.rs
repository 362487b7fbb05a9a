//! A sequence, domain, routine or other object is another one.
//!
//! # What it checks
//! The text of objects beside tables and views, spacing and case apart.
//!
//! # Why it breaks
//! What it does, takes or gives may differ; its text alone does not tell.
//!
//! # Safe path
//! Make the new one under another name, move callers, then drop the old one.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE FUNCTION f() ... 1
//! -- new
//! CREATE FUNCTION f() ... 2
//! ```

use super::super::expression;
use super::super::pair::Sides;
use super::super::sink::{NOTHING, Sink};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-object-changed",
    title: "A sequence, domain, routine or other object is another one",
    why: "What it does, takes or gives may differ; its text alone does not tell.",
    fix: "Make the new one under another name, move callers, then drop the old one.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, sink: &mut Sink<'_>) {
    for (name, old) in &sides.old.objects {
        let Some(new) = sides.new.objects.get(name) else { continue };
        if !expression::same(old, new, sides.dialect) {
            sink.add(&RULE, NOTHING, name.clone(), "definition", format!("{name} is another one")).not_decided();
        }
    }
}
