//! An argument must be given now
//!
//! # What it checks
//!
//! The type of an argument of a field got `!`, or its default went, so that it cannot be left out any more.
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
//!   type Query {
//! -   orders(first: Int! = 10): [Order]
//! +   orders(first: Int!): [Order]
//!   }
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-argument-became-required",
    title: "An argument must be given now",
    why: "Operations that leave it out are refused.",
    fix: "Keep the default (or the nullable type) until all clients give it.",
    answers: &[
        "graphql-inspector:FIELD_ARGUMENT_TYPE_CHANGED",
        "graphql-inspector:FIELD_ARGUMENT_DEFAULT_CHANGED",
        "graphql-js:ARG_CHANGED_KIND",
    ],
};
