//! An argument takes another type
//!
//! # What it checks
//!
//! The type of an argument of a directive: its name, its lists, and whether null may stand inside. Directives that no
//! operation can have are only noted.
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
//! - directive @page(size: Int) on FIELD
//! + directive @page(size: String) on FIELD
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-directive-argument-type-changed",
    title: "An argument takes another type",
    why: "Variables are declared with the type, and values that were fine are refused.",
    fix: "Add another one with the new type, and deprecate this one.",
    answers: &["graphql-inspector:DIRECTIVE_ARGUMENT_TYPE_CHANGED"],
};
