//! An argument that must be given was added
//!
//! # What it checks
//!
//! An argument of a field of a type with `!` and without a default that the old side does not have.
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
//!   type Query {
//! -   orders: [Order]
//! +   orders(shop: ID!): [Order]
//!   }
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-argument-required-added",
    title: "An argument that must be given was added",
    why: "Every old operation there lacks it and is refused.",
    fix: "Add it without ! or with a default; require it when all clients give it.",
    answers: &["graphql-inspector:FIELD_ARGUMENT_ADDED", "graphql-js:REQUIRED_ARG_ADDED"],
};
