//! How subgraphs are composed changed
//!
//! # What it checks
//!
//! `@shareable`, `@external`, `@requires`, `@provides`, `@override`, `@interfaceObject` on a definition.
//!
//! # Why it breaks
//!
//! Clients of the gateway do not see it, but whether the subgraphs still compose is decided by all of them together.
//!
//! # Safe path
//!
//! Compose the supergraph with the new subgraph before deploying, and compare the supergraphs too.
//!
//! # Example
//!
//! ```graphql
//! -   name: String @shareable
//! +   name: String
//! ```

use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-federation-composition-changed",
    title: "How subgraphs are composed changed",
    why: "Whether the subgraphs still compose is decided by all of them together.",
    fix: "Compose the supergraph, and compare that as well.",
    answers: &["graphql-inspector:DIRECTIVE_USAGE_FIELD_DEFINITION_ADDED", "graphql-inspector:DIRECTIVE_USAGE_FIELD_DEFINITION_REMOVED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: Subject<'a>, was: &str, is: &str) {
    let message = format!("the composition of {} changed: {was} became {is}; it cannot be decided from one subgraph", subject.object());
    cx.push(Found::new(&RULE, subject, Effect::Note(Severity::Medium), message).undecided().change(format!("composition {was} -> {is}")));
}
