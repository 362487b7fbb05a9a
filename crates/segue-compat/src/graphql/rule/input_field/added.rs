//! A field that may be left out was added
//!
//! # What it checks
//!
//! A field of an input object that the old side does not have, and that need not be given.
//!
//! # Why it breaks
//!
//! Old clients do not give it and get what the server does without it. A new client that gives it is refused by the old
//! server.
//!
//! # Safe path
//!
//! Deploy the server everywhere before a client gives it; without it, the server must do what it did.
//!
//! # Example
//!
//! ```graphql
//!   input OrderInput {
//!     total: Int!
//! +   coupon: String
//!   }
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-input-field-added",
    title: "A field that may be left out was added",
    why: "A new client that gives it is refused by the old server.",
    fix: "Deploy the server everywhere before a client gives it.",
    answers: &["graphql-inspector:INPUT_FIELD_ADDED", "graphql-js:OPTIONAL_INPUT_FIELD_ADDED"],
};
