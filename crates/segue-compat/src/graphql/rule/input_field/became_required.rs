//! A field must be given now
//!
//! # What it checks
//!
//! The type of a field of an input object got `!`, or its default went, so that it cannot be left out any more.
//!
//! # Why it breaks
//!
//! Operations that leave it out were fine and are refused. A default that goes is easily taken for a harmless change.
//!
//! # Safe path
//!
//! Keep the default, or keep it nullable and refuse null with an error that says what to give, until all clients give
//! it.
//!
//! # Example
//!
//! ```graphql
//!   input OrderInput {
//! -   currency: String! = "EUR"
//! +   currency: String!
//!   }
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-input-field-became-required",
    title: "A field must be given now",
    why: "Operations that leave it out are refused.",
    fix: "Keep the default (or the nullable type) until all clients give it.",
    answers: &[
        "graphql-inspector:INPUT_FIELD_TYPE_CHANGED",
        "graphql-inspector:INPUT_FIELD_DEFAULT_VALUE_CHANGED",
        "graphql-js:FIELD_CHANGED_KIND",
    ],
};
