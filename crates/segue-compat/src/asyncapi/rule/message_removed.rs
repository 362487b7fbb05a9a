//! A message of an operation is gone.
//!
//! # What it checks
//! Messages by name of operations that both sides have. A lone message on each side is the same, whatever it is called.
//!
//! # Why it breaks
//! What the application receives it no longer takes; what it sends no longer comes; and in a log the old ones are still
//! there.
//!
//! # Safe path
//! Take the message as long as anybody makes it or a log keeps it.
//!
//! # Example
//! ```text
//! old: oneOf: [created, paid]
//! new: oneOf: [created]
//! ```

use segue_model::check::Side;

use crate::asyncapi::context::Context;
use crate::draft::{Draft, Drafts};
use crate::policy::{Policy, Relation};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "asyncapi-message-removed",
    title: "A message of an operation is gone",
    why: "What the application receives it no longer takes; what it sends no longer comes; and in a log the old ones are still there.",
    fix: "Take the message as long as anybody makes it or a log keeps it.",
    answers: &["asyncapi-diff:/channels/*/publish/message remove"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in &context.operations {
        for (name, message) in pair.old.messages.iter().filter(|(name, _)| !pair.messages.iter().any(|one| one.0 == name.as_str())) {
            let breaks = Policy::breaks(pair.channels.0.role(pair.direction), Relation::Narrowed);
            let text = format!("`{}` no longer has the message `{name}`", pair.name());
            let draft = Draft::new(&RULE, context.policy, breaks, format!("{} messages/{name}", pair.name()), text);
            out.push(draft.at(Side::Old, message.at));
        }
    }
}
