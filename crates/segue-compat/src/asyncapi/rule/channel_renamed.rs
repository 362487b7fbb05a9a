//! A channel seems to have another address.
//!
//! # What it checks
//! A channel that is gone and a new one with the same operations and messages and a like address. Where only the names
//! of parameters in the address differ it is the same channel, and there is no finding.
//!
//! # Why it breaks
//! Publishers and listeners use the old address.
//!
//! # Safe path
//! Serve both addresses until nobody uses the old one.
//!
//! # Example
//! ```text
//! old: orders.created
//! new: shop.orders.created
//! ```

use segue_model::check::Side;

use crate::asyncapi::context::{Context, both, form};
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "asyncapi-channel-renamed",
    title: "A channel seems to have another address",
    why: "Publishers and listeners use the old address.",
    fix: "Serve both addresses until nobody uses the old one.",
    answers: &["asyncapi-diff:/channels/* remove"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (from, to, confidence) in &context.renamed {
        if form(from) == form(to) {
            continue;
        }
        let message = format!("the channel `{from}` seems to be `{to}` now ({confidence}% sure: the same messages, and a like address)");
        let mut draft = Draft::new(&RULE, context.policy, both(), format!("channels/{from}"), message);
        if let Some(channel) = context.new.channels.get(*to) {
            draft = draft.at(Side::New, channel.at);
        }
        out.push(draft);
    }
}
