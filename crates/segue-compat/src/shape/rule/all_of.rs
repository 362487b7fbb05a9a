//! A combination is too large to be compared.
//!
//! # What it checks
//! `allOf` and references that together name more shapes than are looked at.
//!
//! # Why it breaks
//! Whether it breaks anything could not be decided.
//!
//! # Safe path
//! Write the schema with fewer combinations.
//!
//! # Example
//! A chain of 5,000 references.

use crate::rule::Rule;
use crate::shape::pairs::Local;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "all-of",
    title: "A combination is too large to be compared",
    why: "Whether it breaks anything could not be decided.",
    fix: "Write the schema with fewer combinations.",
    answers: &[],
};

/// What was cut is undecided.
pub(super) fn check(local: &mut Local<'_, '_>) {
    if local.a.cut || local.b.cut {
        let anchor = local.anchor(None, None);
        local.undecided(&RULE, anchor, "too large".to_owned(), "this combines more schemas than are compared".to_owned());
    }
}
