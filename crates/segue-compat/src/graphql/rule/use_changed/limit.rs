//! A limit or cost changed
//!
//! # What it checks
//!
//! Directives that bound how much or how often may be asked: `@cost`, `@listSize`, `@rateLimit`, `@constraint`,
//! `@cacheControl` and their like.
//!
//! # Why it breaks
//!
//! The signature is the same, but operations or values that were taken may be refused, or answers be older than before.
//!
//! # Safe path
//!
//! Announce it, and watch what would be refused before it is.
//!
//! # Example
//!
//! ```graphql
//! -   orders: [Order] @rateLimit(max: 100)
//! +   orders: [Order] @rateLimit(max: 10)
//! ```

use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-limit-changed",
    title: "A limit or cost changed",
    why: "The signature is the same, but what was taken may be refused, or be older than before.",
    fix: "Announce it, and count what would be refused before it is.",
    answers: &[
        "graphql-inspector:DIRECTIVE_USAGE_FIELD_DEFINITION_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_FIELD_DEFINITION_REMOVED",
        "graphql-inspector:DIRECTIVE_USAGE_ARGUMENT_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_ARGUMENT_REMOVED",
    ],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: &Subject<'a>, was: &[String], is: &[String]) {
    let (was, is) = (super::shown(was), super::shown(is));
    let message = format!("the limits of {} changed: {was} became {is}", subject.object());
    let found = Found::new(&RULE, subject.clone(), Effect::Note(Severity::Medium), message);
    cx.push(found.change(format!("limit {was} -> {is}")));
}
