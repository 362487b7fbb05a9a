//! An operation has a new message.
//!
//! # What it checks
//! Messages by name of operations that both sides have, on the new side only.
//!
//! # Why it breaks
//! Readers that do not know a message fail on it or stop; a tolerant one skips it.
//!
//! # Safe path
//! Let readers skip what they do not know before it is sent.
//!
//! # Example
//! ```text
//! old: oneOf: [created]
//! new: oneOf: [created, paid]
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::asyncapi::context::Context;
use crate::draft::{Draft, Drafts};
use crate::policy::{Relation, Role};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "asyncapi-message-added",
    title: "An operation has a new message",
    why: "Readers that do not know a message fail on it or stop; a tolerant one skips it.",
    fix: "Let readers skip what they do not know before it is sent.",
    answers: &["asyncapi-diff:/channels/*/publish/message add"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in &context.operations {
        for (name, message) in pair.new.messages.iter().filter(|(name, _)| !pair.messages.iter().any(|one| one.1 == name.as_str())) {
            let role = pair.channels.1.role(pair.direction);
            let (severity, breaks) = context.policy.judge(role, Relation::Widened, true);
            let text = format!("`{}` has the new message `{name}`", pair.name());
            let draft = Draft::new(&RULE, context.policy, breaks, format!("{} messages/{name}", pair.name()), text);
            let severity = if role == Role::Response { severity } else { severity.min(Severity::Low) };
            out.push(draft.severity(severity).at(Side::New, message.at));
        }
    }
}
