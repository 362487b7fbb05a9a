//! An operation kind was removed
//!
//! # What it checks
//!
//! The schema has no queries, mutations or subscriptions any more.
//!
//! # Why it breaks
//!
//! Every operation of that kind is refused.
//!
//! # Safe path
//!
//! Deprecate its fields one by one, and remove the kind when nobody asks for any of them.
//!
//! # Example
//!
//! ```graphql
//! - schema { query: Query mutation: Mutation }
//! + schema { query: Query }
//! ```

use segue_model::check::Side;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::rule::Rule;
use crate::source::Place;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-root-removed",
    title: "An operation kind was removed",
    why: "Every operation of that kind is refused.",
    fix: "Keep it until nobody asks for any of its fields.",
    answers: &[
        "graphql-inspector:SCHEMA_MUTATION_TYPE_CHANGED",
        "graphql-inspector:SCHEMA_SUBSCRIPTION_TYPE_CHANGED",
        "graphql-inspector:SCHEMA_QUERY_TYPE_CHANGED",
    ],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, operation: &'static str, was: &'a str, place: Place) {
    let first = cx.old.schema.types.get(was).and_then(|def| def.fields.iter().next());
    let query = first.and_then(|field| cx.old.writer.field(was, field.name));
    let subject = Subject::new(Side::Old, "schema", operation, place);
    let message = format!("the schema has no {operation} type any more; it was {was}");
    cx.push(Found::new(&RULE, subject, Effect::Gone, message).always().change("removed").witness(Side::Old, query));
}
