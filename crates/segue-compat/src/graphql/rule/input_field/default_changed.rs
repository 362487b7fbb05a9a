//! The default of a field changed
//!
//! # What it checks
//!
//! The value that a field of an input object has when it is left out.
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
//!   input OrderInput {
//! -   notify: Boolean = true
//! +   notify: Boolean = false
//!   }
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-input-field-default-changed",
    title: "The default of a field changed",
    why: "Clients that leave it out get something else than before.",
    fix: "Announce it, and let clients give the value that they rely on before it changes.",
    answers: &["graphql-inspector:INPUT_FIELD_DEFAULT_VALUE_CHANGED"],
};
