//! The address of a channel has another parameter, or takes other values.
//!
//! # What it checks
//! Parameters of channels that both sides have, and their `enum`. Where an address differs only in the names of its
//! parameters nobody notices.
//!
//! # Why it breaks
//! Addresses that were built before are not listened to, or are not built any more.
//!
//! # Safe path
//! Keep the values; add new ones.
//!
//! # Example
//! ```text
//! old: region: {enum: [eu, us]}
//! new: region: {enum: [eu]}
//! ```

use segue_model::check::{Breaks, Side};

use crate::asyncapi::context::{Context, gained, lost};
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "asyncapi-parameter-changed",
    title: "The address of a channel has another parameter, or takes other values",
    why: "Addresses that were built before are not listened to, or are not built any more.",
    fix: "Keep the values; add new ones.",
    answers: &["asyncapi-diff:/channels/*/parameters/* edit"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (address, old, new) in &context.channels {
        for (name, (at, before)) in &old.parameters {
            let Some((new_at, after)) = new.parameters.get(name) else { continue };
            let lacks = |one: &Option<Vec<String>>, other: &Option<Vec<String>>| match (one, other) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(one), Some(other)) => one.iter().any(|value| !other.contains(value)),
            };
            let mut breaks = Vec::new();
            if lacks(before, after) {
                breaks.extend(lost());
            }
            if lacks(after, before) {
                breaks.extend(gained());
            }
            if breaks.is_empty() {
                continue;
            }
            breaks.sort_unstable();
            breaks.dedup();
            let text = format!("the parameter `{name}` of `{address}` takes other values now");
            let (side, place) = if breaks.contains(&Breaks::Deploy) && after.is_none() { (Side::Old, *at) } else { (Side::New, *new_at) };
            out.push(Draft::new(&RULE, context.policy, breaks, format!("channels/{address}/parameters/{name}"), text).at(side, place));
        }
    }
}
