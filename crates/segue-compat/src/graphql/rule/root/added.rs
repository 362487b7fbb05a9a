//! An operation kind was added
//!
//! # What it checks
//!
//! The schema has queries, mutations or subscriptions, and had none.
//!
//! # Why it breaks
//!
//! Old clients have no such operation. New ones are refused by the old server.
//!
//! # Safe path
//!
//! Deploy the server everywhere before a client uses it.
//!
//! # Example
//!
//! ```graphql
//! - schema { query: Query }
//! + schema { query: Query mutation: Mutation }
//! ```

use segue_model::check::Side;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::rule::Rule;
use crate::source::Place;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-root-added",
    title: "An operation kind was added",
    why: "New operations of that kind are refused by the old server.",
    fix: "Deploy the server everywhere before a client uses it.",
    answers: &["graphql-inspector:SCHEMA_MUTATION_TYPE_CHANGED", "graphql-inspector:SCHEMA_SUBSCRIPTION_TYPE_CHANGED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, operation: &'static str, is: &'a str, place: Place) {
    let first = cx.new.schema.types.get(is).and_then(|def| def.fields.iter().next());
    let query = first.and_then(|field| cx.new.writer.field(is, field.name));
    let subject = Subject::new(Side::New, "schema", operation, place);
    let message = format!("the schema has a {operation} type now: {is}");
    cx.push(Found::new(&RULE, subject, Effect::Came, message).always().change("added").witness(Side::New, query));
}
