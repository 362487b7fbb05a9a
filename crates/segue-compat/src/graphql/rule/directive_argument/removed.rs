//! An argument was removed
//!
//! # What it checks
//!
//! An argument of a directive that the new side does not have, and no one of the same type and a like name has come.
//! Directives that no operation can have are only noted.
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
//! - directive @page(size: Int, from: Int) on FIELD
//! + directive @page(size: Int) on FIELD
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-directive-argument-removed",
    title: "An argument was removed",
    why: "An operation that gives it is refused as a whole.",
    fix: "Keep taking it, with @deprecated(reason: \"…\"), until nobody gives it.",
    answers: &["graphql-inspector:DIRECTIVE_ARGUMENT_REMOVED", "graphql-js:DIRECTIVE_ARG_REMOVED"],
};
