//! Messages are told together in another way.
//!
//! # What it checks
//! Where `correlationId` stands in a message of both sides.
//!
//! # Why it breaks
//! Replies find no question any more: callers wait until they give up.
//!
//! # Safe path
//! Write the id to both places until every reader takes the new one.
//!
//! # Example
//! ```text
//! old: $message.header#/id
//! new: $message.header#/traceId
//! ```

use segue_model::check::Side;

use crate::asyncapi::context::{Context, both, gained, lost};
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "asyncapi-correlation-changed",
    title: "Messages are told together in another way",
    why: "Replies find no question any more: callers wait until they give up.",
    fix: "Write the id to both places until every reader takes the new one.",
    answers: &["asyncapi-diff:/channels/*/publish/message/correlationId edit"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in &context.operations {
        for (_, name, old, new) in pair.messages.iter().filter(|(_, _, old, new)| old.correlation != new.correlation) {
            let show = |place: &Option<String>| place.as_ref().map_or_else(|| "nowhere".to_owned(), |text| format!("`{text}`"));
            let text = format!(
                "the correlation id of `{name}` of `{}` was at {} and is at {}",
                pair.name(),
                show(&old.correlation),
                show(&new.correlation)
            );
            let breaks = match (&old.correlation, &new.correlation) {
                (None, _) => gained(),
                (_, None) => lost(),
                _ => both(),
            };
            out.push(Draft::new(&RULE, context.policy, breaks, format!("{} messages/{name}", pair.name()), text).at(Side::New, new.at));
        }
    }
}
