//! A channel is new.
//!
//! # What it checks
//! Channels by address that only the new side has.
//!
//! # Why it breaks
//! Whoever uses it meets nobody when the old side comes back.
//!
//! # Safe path
//! Nothing for the way forward.
//!
//! # Example
//! ```text
//! old: (nothing)
//! new: orders/paid
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::asyncapi::context::{Context, gained};
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "asyncapi-channel-added",
    title: "A channel is new",
    why: "Whoever uses it meets nobody when the old side comes back.",
    fix: "Nothing for the way forward.",
    answers: &["asyncapi-diff:/channels/* add"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (address, channel) in &context.new.channels {
        if context.old.channels.contains_key(address) || context.renamed.iter().any(|(_, to, _)| to == address) {
            continue;
        }
        let draft = Draft::new(&RULE, context.policy, gained(), format!("channels/{address}"), format!("the channel `{address}` is new"));
        let severity = draft.severity.min(Severity::Low);
        out.push(draft.severity(severity).at(Side::New, channel.at));
    }
}
