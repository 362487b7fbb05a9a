//! An operation is new.
//!
//! # What it checks
//! A direction (receive or send) that a channel of both sides has only on the new one.
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
//! new: action: receive
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::asyncapi::context::{Context, gained};
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "asyncapi-operation-added",
    title: "An operation is new",
    why: "Whoever uses it meets nobody when the old side comes back.",
    fix: "Nothing for the way forward.",
    answers: &["asyncapi-diff:/channels/*/publish add", "asyncapi-diff:/channels/*/subscribe add"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (address, old, new) in &context.channels {
        for (direction, operation) in new.operations.iter().filter(|(direction, _)| !old.operations.contains_key(*direction)) {
            let message = format!("the application can {} `{address}` now", direction.word());
            let draft = Draft::new(&RULE, context.policy, gained(), format!("{} {address}", direction.word()), message);
            let severity = draft.severity.min(Severity::Low);
            out.push(draft.severity(severity).at(Side::New, operation.at));
        }
    }
}
