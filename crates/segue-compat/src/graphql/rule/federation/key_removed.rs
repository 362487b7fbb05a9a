//! An entity lost a key
//!
//! # What it checks
//!
//! A `@key` that the old subgraph has and the new one does not.
//!
//! # Why it breaks
//!
//! Other subgraphs and the gateway fetch the entity by this key; they cannot any more, and composition may fail.
//!
//! # Safe path
//!
//! Add the new key beside the old one, compose, let the other subgraphs move, and remove the old key then.
//!
//! # Example
//!
//! ```graphql
//! - type User @key(fields: "id") @key(fields: "email") { id: ID! email: String! }
//! + type User @key(fields: "id") { id: ID! email: String! }
//! ```

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-federation-key-removed",
    title: "An entity lost a key",
    why: "The gateway and other subgraphs fetch the entity by this key.",
    fix: "Keep both keys until no other subgraph uses the old one.",
    answers: &["graphql-inspector:DIRECTIVE_USAGE_OBJECT_REMOVED", "graphql-inspector:DIRECTIVE_USAGE_INTERFACE_REMOVED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: Subject<'a>, key: &str) {
    let message = format!("{} cannot be fetched by {key} any more", subject.object());
    cx.push(Found::new(&RULE, subject, Effect::Gone, message).change(format!("key removed {key}")));
}
