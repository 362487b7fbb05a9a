//! An argument need not be given any more
//!
//! # What it checks
//!
//! The type of an argument of a directive lost its `!`, or it got a default. Directives that no operation can have are
//! only noted.
//!
//! # Why it breaks
//!
//! Old clients go on giving it. A new client that leaves it out is refused by the old server.
//!
//! # Safe path
//!
//! Let clients leave it out when the server is deployed everywhere and going back is no longer planned.
//!
//! # Example
//!
//! ```graphql
//! - directive @page(size: Int!) on FIELD
//! + directive @page(size: Int) on FIELD
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-directive-argument-became-optional",
    title: "An argument need not be given any more",
    why: "A new client that leaves it out is refused by the old server.",
    fix: "Let clients leave it out when you do not plan to go back any more.",
    answers: &["graphql-inspector:DIRECTIVE_ARGUMENT_TYPE_CHANGED", "graphql-inspector:DIRECTIVE_ARGUMENT_DEFAULT_VALUE_CHANGED"],
};
