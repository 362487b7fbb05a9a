//! A field was removed
//!
//! # What it checks
//!
//! A field of an input object that the new side does not have, and no one of the same type and a like name has come.
//!
//! # Why it breaks
//!
//! Validation refuses what it does not know: an operation or variables that give it fail as a whole.
//!
//! # Safe path
//!
//! Take it without effect for a while, deprecated, count who gives it, and remove it when nobody does.
//!
//! # Example
//!
//! ```graphql
//!   input OrderInput {
//!     total: Int!
//! -   coupon: String
//!   }
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-input-field-removed",
    title: "A field was removed",
    why: "An operation that gives it is refused as a whole.",
    fix: "Keep taking it, with @deprecated(reason: \"…\"), until nobody gives it.",
    answers: &["graphql-inspector:INPUT_FIELD_REMOVED", "graphql-js:FIELD_REMOVED"],
};
