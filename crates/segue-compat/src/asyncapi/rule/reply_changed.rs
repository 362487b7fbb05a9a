//! Replies go another way.
//!
//! # What it checks
//! `reply` of operations that both sides have: its channel and where its address stands.
//!
//! # Why it breaks
//! Whoever asked listens at the old place.
//!
//! # Safe path
//! Reply to both places for a while.
//!
//! # Example
//! ```text
//! old: reply: {channel: replies}
//! new: reply: {channel: answers}
//! ```

use segue_model::check::Side;

use crate::asyncapi::context::{Context, both, gained, lost};
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "asyncapi-reply-changed",
    title: "Replies go another way",
    why: "Whoever asked listens at the old place.",
    fix: "Reply to both places for a while.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in context.operations.iter().filter(|pair| pair.old.reply != pair.new.reply) {
        let breaks = match (&pair.old.reply, &pair.new.reply) {
            (None, _) => gained(),
            (_, None) => lost(),
            _ => both(),
        };
        let text = match (&pair.old.reply, &pair.new.reply) {
            (None, _) => format!("`{}` is answered now", pair.name()),
            (_, None) => format!("`{}` is no longer answered", pair.name()),
            _ => format!("`{}` is answered elsewhere now", pair.name()),
        };
        out.push(Draft::new(&RULE, context.policy, breaks, pair.name(), text).at(Side::New, pair.new.at));
    }
}
