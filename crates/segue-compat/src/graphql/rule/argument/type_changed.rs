//! An argument takes another type
//!
//! # What it checks
//!
//! The type of an argument of a field: its name, its lists, and whether null may stand inside.
//!
//! # Why it breaks
//!
//! A variable is declared with the name of its type, and may only be used where that type or a wider one is taken. Less
//! null than before refuses values that were fine.
//!
//! # Safe path
//!
//! Add another one of the new type, and deprecate this one.
//!
//! # Example
//!
//! ```graphql
//!   type Query {
//! -   order(number: Int!): Order
//! +   order(number: ID!): Order
//!   }
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-argument-type-changed",
    title: "An argument takes another type",
    why: "Variables are declared with the type, and values that were fine are refused.",
    fix: "Add another one with the new type, and deprecate this one.",
    answers: &["graphql-inspector:FIELD_ARGUMENT_TYPE_CHANGED", "graphql-js:ARG_CHANGED_KIND"],
};
