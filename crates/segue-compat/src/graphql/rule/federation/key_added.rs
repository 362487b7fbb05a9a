//! An entity has a further key
//!
//! # What it checks
//!
//! A `@key` that the old subgraph does not have.
//!
//! # Why it breaks
//!
//! A gateway that was composed with it asks the old subgraph in vain after going back.
//!
//! # Safe path
//!
//! Deploy the subgraph before the composed schema that relies on the key.
//!
//! # Example
//!
//! ```graphql
//! - type User @key(fields: "id") { id: ID! email: String! }
//! + type User @key(fields: "id") @key(fields: "email") { id: ID! email: String! }
//! ```

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-federation-key-added",
    title: "An entity has a further key",
    why: "A gateway that relies on the key asks the old subgraph in vain.",
    fix: "Deploy the subgraph before the composed schema.",
    answers: &["graphql-inspector:DIRECTIVE_USAGE_OBJECT_ADDED", "graphql-inspector:DIRECTIVE_USAGE_INTERFACE_ADDED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: Subject<'a>, key: &str) {
    let message = format!("{} can be fetched by {key} now", subject.object());
    cx.push(Found::new(&RULE, subject, Effect::Came, message).change(format!("key added {key}")));
}
