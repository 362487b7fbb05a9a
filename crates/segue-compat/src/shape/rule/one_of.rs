//! The members of `oneOf` changed.
//!
//! # What it checks
//! `oneOf`: members are matched by name, title, constant or form; what has no match is shown by a value.
//!
//! # Why it breaks
//! Values of a member that went away are refused; those of a new one are unknown to who reads them.
//!
//! # Safe path
//! Teach readers the new member first; before a member goes, stop sending it.
//!
//! # Example
//! `oneOf: [Card, Cash]` to `[Card]`: a value of `Cash` is refused now.

use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "one-of",
    title: "The members of `oneOf` changed",
    why: "Values of a member that went away are refused; those of a new one are unknown to who reads them.",
    fix: "Teach readers the new member first; before a member goes, stop sending it.",
    answers: &[
        "oasdiff:request-body-one-of-removed",
        "oasdiff:request-property-one-of-removed",
        "oasdiff:response-body-one-of-added",
        "oasdiff:response-property-one-of-added",
    ],
};
