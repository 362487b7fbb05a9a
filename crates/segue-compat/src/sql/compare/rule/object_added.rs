//! A sequence, domain, routine or other object is new.
//!
//! # What it checks
//! Objects beside tables and views that only the new schema has.
//!
//! # Why it breaks
//! The new version does not find it when it goes back.
//!
//! # Safe path
//! Keep it when you go back.
//!
//! # Example
//! ```sql
//! -- old
//! -- no such sequence
//! -- new
//! CREATE SEQUENCE order_number;
//! ```

use segue_model::finding::Severity;

use super::super::pair::Sides;
use super::super::sink::{ROLLBACK, Sink};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-object-added",
    title: "A sequence, domain, routine or other object is new",
    why: "The new version does not find it when it goes back.",
    fix: "Keep it when you go back.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, sink: &mut Sink<'_>) {
    for name in sides.new.objects.keys().filter(|name| sides.shows(name) && !sides.old.objects.contains_key(*name)) {
        sink.add(&RULE, ROLLBACK, name.clone(), "added", format!("{name} is new")).at_most(Severity::Low);
    }
}
