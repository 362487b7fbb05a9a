//! A channel is gone.
//!
//! # What it checks
//! Channels by address that only the old side has, and that no new one looks like.
//!
//! # Why it breaks
//! Whoever publishes there publishes to nobody, and whoever listens there hears nothing.
//!
//! # Safe path
//! Keep the channel and serve both until nobody uses the old one.
//!
//! # Example
//! ```text
//! old: orders/created
//! new: (nothing)
//! ```

use segue_model::check::Side;

use crate::asyncapi::context::{Context, lost};
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "asyncapi-channel-removed",
    title: "A channel is gone",
    why: "Whoever publishes there publishes to nobody, and whoever listens there hears nothing.",
    fix: "Keep the channel and serve both until nobody uses the old one.",
    answers: &["asyncapi-diff:/channels/* remove"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (address, channel) in &context.old.channels {
        if context.new.channels.contains_key(address) || context.renamed.iter().any(|(from, _, _)| from == address) {
            continue;
        }
        let draft = Draft::new(&RULE, context.policy, lost(), format!("channels/{address}"), format!("the channel `{address}` is gone"));
        out.push(draft.at(Side::Old, channel.at));
    }
}
