//! The members of `anyOf` changed.
//!
//! # What it checks
//! `anyOf`: members are matched by name, title, constant or form; what has no match is shown by a value.
//!
//! # Why it breaks
//! Values of a member that went away are refused; those of a new one are unknown to who reads them.
//!
//! # Safe path
//! Teach readers the new member first; before a member goes, stop sending it.
//!
//! # Example
//! `anyOf: [Card, Cash]` to `[Card]`: a value of `Cash` is refused now.

use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "any-of",
    title: "The members of `anyOf` changed",
    why: "Values of a member that went away are refused; those of a new one are unknown to who reads them.",
    fix: "Teach readers the new member first; before a member goes, stop sending it.",
    answers: &[
        "oasdiff:request-body-any-of-removed",
        "oasdiff:request-property-any-of-removed",
        "oasdiff:response-body-any-of-added",
        "oasdiff:response-property-any-of-added",
    ],
};
