//! A message has another name.
//!
//! # What it checks
//! The only message of an operation, which both sides have under different names. A version 2 document may have no name
//! at all; that is no other name.
//!
//! # Why it breaks
//! Readers that choose by the name (a header, a class) do not find it.
//!
//! # Safe path
//! Keep the name; it is part of the contract.
//!
//! # Example
//! ```text
//! old: name: OrderCreated
//! new: name: OrderPlaced
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::asyncapi::context::Context;
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "asyncapi-message-renamed",
    title: "A message has another name",
    why: "Readers that choose by the name (a header, a class) do not find it.",
    fix: "Keep the name; it is part of the contract.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in &context.operations {
        for (from, to, _, new) in pair.messages.iter().filter(|(from, to, _, _)| {
            from != to && *from != "message" && *to != "message" && from.parse::<u32>().is_err() && to.parse::<u32>().is_err()
        }) {
            let text = format!("the message `{from}` of `{}` is called `{to}` now", pair.name());
            let draft = Draft::new(&RULE, context.policy, Vec::new(), format!("{} messages/{from}", pair.name()), text);
            out.push(draft.severity(Severity::Medium).at(Side::New, new.at));
        }
    }
}
