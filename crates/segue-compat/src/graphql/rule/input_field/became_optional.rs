//! A field need not be given any more
//!
//! # What it checks
//!
//! The type of a field of an input object lost its `!`, or it got a default.
//!
//! # Why it breaks
//!
//! Old clients go on giving it. A new client that leaves it out is refused by the old server.
//!
//! # Safe path
//!
//! Let clients leave it out when the server is deployed everywhere and going back is no longer planned.
//!
//! # Example
//!
//! ```graphql
//!   input OrderInput {
//! -   currency: String!
//! +   currency: String
//!   }
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-input-field-became-optional",
    title: "A field need not be given any more",
    why: "A new client that leaves it out is refused by the old server.",
    fix: "Let clients leave it out when you do not plan to go back any more.",
    answers: &["graphql-inspector:INPUT_FIELD_TYPE_CHANGED", "graphql-inspector:INPUT_FIELD_DEFAULT_VALUE_CHANGED"],
};
