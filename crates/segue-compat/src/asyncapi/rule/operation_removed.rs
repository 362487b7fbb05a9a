//! An operation is gone.
//!
//! # What it checks
//! A direction (receive or send) that a channel of both sides has only on the old one. A channel whose direction turned
//! round has this and a new operation.
//!
//! # Why it breaks
//! Messages that were received are no longer taken, or those that were sent no longer come.
//!
//! # Safe path
//! Keep it until its users are gone.
//!
//! # Example
//! ```text
//! old: action: send
//! new: (nothing)
//! ```

use segue_model::check::Side;

use crate::asyncapi::context::{Context, lost};
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "asyncapi-operation-removed",
    title: "An operation is gone",
    why: "Messages that were received are no longer taken, or those that were sent no longer come.",
    fix: "Keep it until its users are gone.",
    answers: &["asyncapi-diff:/channels/*/publish remove", "asyncapi-diff:/channels/*/subscribe remove"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (address, old, new) in &context.channels {
        for (direction, operation) in old.operations.iter().filter(|(direction, _)| !new.operations.contains_key(*direction)) {
            let before = if operation.deprecated { "; it had been deprecated" } else { "" };
            let message = format!("the application does not {} `{address}` any more{before}", direction.word());
            let draft = Draft::new(&RULE, context.policy, lost(), format!("{} {address}", direction.word()), message);
            out.push(draft.at(Side::Old, operation.at));
        }
    }
}
