//! A field seems to have another name
//!
//! # What it checks
//!
//! A field of an input object went, and one of the same type and a like name came.
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
//!   input OrderInput {
//! -   note: String
//! +   notes: String
//!   }
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-input-field-renamed",
    title: "A field seems to have another name",
    why: "Old clients give the old name, new clients the new one; each is refused by the other server.",
    fix: "Take both names until nobody gives the old one.",
    answers: &["graphql-inspector:INPUT_FIELD_REMOVED", "graphql-inspector:INPUT_FIELD_ADDED", "graphql-js:FIELD_REMOVED"],
};
