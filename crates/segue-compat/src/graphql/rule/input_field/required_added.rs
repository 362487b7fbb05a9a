//! A field that must be given was added
//!
//! # What it checks
//!
//! A field of an input object of a type with `!` and without a default that the old side does not have.
//!
//! # Why it breaks
//!
//! Every old operation there lacks it and is refused; every new one gives it and is refused by the old server.
//!
//! # Safe path
//!
//! Add it without `!` or with a default, let all clients give it, and make it required then.
//!
//! # Example
//!
//! ```graphql
//!   input OrderInput {
//!     total: Int!
//! +   currency: String!
//!   }
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-input-field-required-added",
    title: "A field that must be given was added",
    why: "Every old operation there lacks it and is refused.",
    fix: "Add it without ! or with a default; require it when all clients give it.",
    answers: &["graphql-inspector:INPUT_FIELD_ADDED", "graphql-js:REQUIRED_INPUT_FIELD_ADDED"],
};
