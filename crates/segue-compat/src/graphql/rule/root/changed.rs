//! A root type has another name
//!
//! # What it checks
//!
//! The type of all queries, mutations or subscriptions has another name. What became of its fields is told with them.
//!
//! # Why it breaks
//!
//! Few operations name a root type, but a fragment on it does, and caches keep its `__typename`.
//!
//! # Safe path
//!
//! Keep the name of the root type.
//!
//! # Example
//!
//! ```graphql
//! - schema { query: Query }
//! + schema { query: RootQuery }
//! ```

use segue_model::check::Side;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::rule::Rule;
use crate::source::Place;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-root-changed",
    title: "A root type has another name",
    why: "Fragments on the root type are refused, and caches that keep its __typename miss.",
    fix: "Keep the name of the root type.",
    answers: &[
        "graphql-inspector:SCHEMA_QUERY_TYPE_CHANGED",
        "graphql-inspector:SCHEMA_MUTATION_TYPE_CHANGED",
        "graphql-inspector:SCHEMA_SUBSCRIPTION_TYPE_CHANGED",
    ],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, operation: &'static str, was: &'a str, is: &'a str, place: Place) {
    let query = cx.old.writer.fragment(Some(was), was);
    let subject = Subject::new(Side::New, "schema", operation, place);
    let message = format!("the {operation} type is {is} instead of {was}");
    cx.push(Found::new(&RULE, subject, Effect::Both, message).always().change(format!("{was} -> {is}")).witness(Side::Old, query));
}
