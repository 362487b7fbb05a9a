//! A sequence, domain, routine or other object is gone.
//!
//! # What it checks
//! Objects beside tables and views that only the old schema has.
//!
//! # Why it breaks
//! Statements of the old version that use it fail.
//!
//! # Safe path
//! Keep it until nobody calls it.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE SEQUENCE order_number;
//! -- new
//! -- no such sequence
//! ```

use super::super::pair::Sides;
use super::super::sink::{DEPLOY, Sink};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-object-removed",
    title: "A sequence, domain, routine or other object is gone",
    why: "Statements of the old version that use it fail.",
    fix: "Keep it until nobody calls it.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, sink: &mut Sink<'_>) {
    for name in sides.old.objects.keys().filter(|name| sides.shows(name) && !sides.new.objects.contains_key(*name)) {
        sink.add(&RULE, DEPLOY, name.clone(), "removed", format!("{name} is gone"));
    }
}
