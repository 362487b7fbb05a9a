//! An argument seems to have another name
//!
//! # What it checks
//!
//! An argument of a directive went, and one of the same type and a like name came. Directives that no operation can
//! have are only noted.
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
//! - directive @page(size: Int) on FIELD
//! + directive @page(pageSize: Int) on FIELD
//! ```

use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-directive-argument-renamed",
    title: "An argument seems to have another name",
    why: "Old clients give the old name, new clients the new one; each is refused by the other server.",
    fix: "Take both names until nobody gives the old one.",
    answers: &[
        "graphql-inspector:DIRECTIVE_ARGUMENT_REMOVED",
        "graphql-inspector:DIRECTIVE_ARGUMENT_ADDED",
        "graphql-js:DIRECTIVE_ARG_REMOVED",
    ],
};
