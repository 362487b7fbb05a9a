//! An argument seems to have another name
//!
//! # What it checks
//!
//! An argument of a field went, and one of the same type and a like name came.
//!
//! # Why it breaks
//!
//! Old operations give the old name and are refused; new ones give the new name and are refused by the old server.
//!
//! # Safe path
//!
//! Take both names for a while, the old one deprecated with a reason that names the new one.
//!
//! # Example
//!
//! ```graphql
//!   type Query {
//! -   orders(max: Int): [Order]
//! +   orders(maximum: Int): [Order]
//!   }
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-argument-renamed",
    title: "An argument seems to have another name",
    why: "Old clients give the old name, new clients the new one; each is refused by the other server.",
    fix: "Take both names until nobody gives the old one.",
    answers: &["graphql-inspector:FIELD_ARGUMENT_REMOVED", "graphql-inspector:FIELD_ARGUMENT_ADDED", "graphql-js:ARG_REMOVED"],
};
