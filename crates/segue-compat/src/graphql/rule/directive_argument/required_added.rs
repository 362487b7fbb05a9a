//! An argument that must be given was added
//!
//! # What it checks
//!
//! An argument of a directive of a type with `!` and without a default that the old side does not have. Directives that
//! no operation can have are only noted.
//!
//! # Why it breaks
//!
//! Every old operation there lacks it and is refused; every new one gives it and is refused by the old server.
//!
//! # Safe path
//!
//! Add it without `!` or with a default, let all clients give it, and make it required then.
//!
//! # Example
//!
//! ```graphql
//! - directive @page on FIELD
//! + directive @page(size: Int!) on FIELD
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-directive-argument-required-added",
    title: "An argument that must be given was added",
    why: "Every old operation there lacks it and is refused.",
    fix: "Add it without ! or with a default; require it when all clients give it.",
    answers: &["graphql-inspector:DIRECTIVE_ARGUMENT_ADDED", "graphql-js:REQUIRED_DIRECTIVE_ARG_ADDED"],
};
