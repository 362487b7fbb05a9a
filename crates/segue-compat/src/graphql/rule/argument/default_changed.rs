//! The default of an argument changed
//!
//! # What it checks
//!
//! The value that an argument of a field has when it is left out.
//!
//! # Why it breaks
//!
//! No operation is refused, but every client that leaves it out gets something else than before, without a word.
//!
//! # Safe path
//!
//! Add another one with the new default, or announce the change and let clients give the value that they want before
//! it.
//!
//! # Example
//!
//! ```graphql
//!   type Query {
//! -   orders(first: Int = 100): [Order]
//! +   orders(first: Int = 10): [Order]
//!   }
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-argument-default-changed",
    title: "The default of an argument changed",
    why: "Clients that leave it out get something else than before.",
    fix: "Announce it, and let clients give the value that they rely on before it changes.",
    answers: &["graphql-inspector:FIELD_ARGUMENT_DEFAULT_CHANGED", "graphql-js:ARG_DEFAULT_VALUE_CHANGE"],
};
