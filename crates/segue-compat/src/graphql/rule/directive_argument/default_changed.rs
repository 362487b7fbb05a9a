//! The default of an argument changed
//!
//! # What it checks
//!
//! The value that an argument of a directive has when it is left out. Directives that no operation can have are only
//! noted.
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
//! - directive @page(size: Int = 10) on FIELD
//! + directive @page(size: Int = 100) on FIELD
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-directive-argument-default-changed",
    title: "The default of an argument changed",
    why: "Clients that leave it out get something else than before.",
    fix: "Announce it, and let clients give the value that they rely on before it changes.",
    answers: &["graphql-inspector:DIRECTIVE_ARGUMENT_DEFAULT_VALUE_CHANGED"],
};
