//! What every rule sees: both documents, which channels and messages belong together, renames found once.
//!
//! Tests: `tests/it/asyncapi/`.

use std::collections::BTreeMap;

use segue_model::check::Breaks;

use super::model::{Api, Channel, Direction, Message, Operation};
use crate::likeness::likeness;
use crate::policy::Policy;

/// What every rule sees.
pub(crate) struct Context<'a> {
    pub(super) policy: &'a Policy,
    pub(super) old: &'a Api,
    pub(super) new: &'a Api,
    /// Channels of both sides: new address, old and new.
    pub(super) channels: Vec<(&'a str, &'a Channel, &'a Channel)>,
    /// Channels under another address: old, new, how sure.
    pub(super) renamed: Vec<(&'a str, &'a str, u32)>,
    /// Operations of both sides.
    pub(super) operations: Vec<Pair<'a>>,
}

/// An operation on both sides.
pub(super) struct Pair<'a> {
    pub(super) address: &'a str,
    pub(super) direction: Direction,
    pub(super) channels: (&'a Channel, &'a Channel),
    pub(super) old: &'a Operation,
    pub(super) new: &'a Operation,
    /// Messages of both sides: old name, new name, old and new.
    pub(super) messages: Vec<(&'a str, &'a str, &'a Message, &'a Message)>,
}

impl Pair<'_> {
    /// As a person calls it: `receive orders/{id}`.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.direction.word(), self.address)
    }
}

impl<'a> Context<'a> {
    pub(super) fn new(old: &'a Api, new: &'a Api, policy: &'a Policy) -> Self {
        let mut context = Self { policy, old, new, channels: Vec::new(), renamed: Vec::new(), operations: Vec::new() };
        for (address, before) in &old.channels {
            if let Some((address, after)) = new.channels.get_key_value(address) {
                context.channels.push((address, before, after));
            }
        }
        context.renames();
        for (from, to, _) in &context.renamed {
            if let (Some(before), Some(after)) = (old.channels.get(*from), new.channels.get(*to)) {
                context.channels.push((to, before, after));
            }
        }
        for (address, before, after) in &context.channels {
            for (direction, one) in &before.operations {
                if let Some(other) = after.operations.get(direction) {
                    let messages = pairs(&one.messages, &other.messages);
                    context.operations.push(Pair {
                        address,
                        direction: *direction,
                        channels: (before, after),
                        old: one,
                        new: other,
                        messages,
                    });
                }
            }
        }
        context
    }

    fn renames(&mut self) {
        let gone: Vec<&'a String> = self.old.channels.keys().filter(|address| !self.new.channels.contains_key(*address)).collect();
        let more: Vec<&'a String> = self.new.channels.keys().filter(|address| !self.old.channels.contains_key(*address)).collect();
        if gone.len().saturating_mul(more.len()) > 40_000 {
            return;
        }
        let mut scored = Vec::new();
        for from in &gone {
            for to in &more {
                let (Some(before), Some(after)) = (self.old.channels.get(*from), self.new.channels.get(*to)) else { continue };
                let names = |channel: &Channel| {
                    channel.operations.iter().map(|(d, o)| (*d, o.messages.keys().cloned().collect::<Vec<_>>())).collect::<Vec<_>>()
                };
                let alike = likeness(from, to);
                // Only the names of parameters differ: the same addresses.
                let same_form = form(from) == form(to);
                if names(before) == names(after) && !before.operations.is_empty() && (alike >= 50 || same_form) {
                    let score = if same_form { 99 } else { 40 + alike / 2 };
                    scored.push((std::cmp::Reverse(score), from.as_str(), to.as_str()));
                }
            }
        }
        scored.sort();
        for (score, from, to) in scored {
            if !self.renamed.iter().any(|(known, other, _)| *known == from || *other == to) && score.0 >= 60 {
                self.renamed.push((from, to, score.0));
            }
        }
    }
}

/// An address without the names of its parameters.
pub(super) fn form(address: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for letter in address.chars() {
        inside = (inside || letter == '{') && letter != '}';
        if !inside {
            out.push(letter);
        }
    }
    out
}

/// Messages by name; a lone one on each side is the same, whatever it is called.
fn pairs<'a>(
    old: &'a BTreeMap<String, Box<Message>>,
    new: &'a BTreeMap<String, Box<Message>>,
) -> Vec<(&'a str, &'a str, &'a Message, &'a Message)> {
    if let (1, 1, Some((from, before)), Some((to, after))) = (old.len(), new.len(), old.iter().next(), new.iter().next()) {
        return vec![(from, to, before, after)];
    }
    old.iter()
        .filter_map(|(name, before)| new.get_key_value(name).map(|(to, after)| (name.as_str(), to.as_str(), &**before, &**after)))
        .collect()
}

/// What breaks when others can no longer do something with the application, and when they can do more.
pub(super) fn lost() -> Vec<Breaks> {
    vec![Breaks::Deploy, Breaks::Rolling]
}

/// See [`lost`].
pub(super) fn gained() -> Vec<Breaks> {
    vec![Breaks::Rollback, Breaks::Rolling]
}

/// Both ways.
pub(super) fn both() -> Vec<Breaks> {
    vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling]
}
