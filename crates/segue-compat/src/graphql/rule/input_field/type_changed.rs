//! A field takes another type
//!
//! # What it checks
//!
//! The type of a field of an input object: its name, its lists, and whether null may stand inside.
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
//!   input OrderInput {
//! -   total: Float
//! +   total: Int
//!   }
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-input-field-type-changed",
    title: "A field takes another type",
    why: "Variables are declared with the type, and values that were fine are refused.",
    fix: "Add another one with the new type, and deprecate this one.",
    answers: &["graphql-inspector:INPUT_FIELD_TYPE_CHANGED", "graphql-js:FIELD_CHANGED_KIND"],
};
