//! A protocol is spoken in another way.
//!
//! # What it checks
//! Bindings of channels, operations and messages of both sides: topic, partitions, key, quality of service, exchange,
//! method and so on.
//!
//! # Why it breaks
//! Clients that are set up by the old words connect to something else, or in another order: other partitions mean
//! another order of a key's messages.
//!
//! # Safe path
//! Change topics and partitions as a migration of their own.
//!
//! # Example
//! ```text
//! old: kafka: {partitions: 3}
//! new: kafka: {partitions: 12}
//! ```

use std::collections::{BTreeMap, BTreeSet};

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::asyncapi::context::{Context, both};
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;
use crate::secret::may_show;
use crate::source::Place;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "asyncapi-binding-changed",
    title: "A protocol is spoken in another way",
    why: "Clients that are set up by the old words connect to something else, or in another order: other partitions mean another order of a key's messages.",
    fix: "Change topics and partitions as a migration of their own.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (address, old, new) in &context.channels {
        differ(context, &format!("channels/{address}"), &old.bindings, &new.bindings, new.at, out);
    }
    for pair in &context.operations {
        differ(context, &pair.name(), &pair.old.bindings, &pair.new.bindings, pair.new.at, out);
        for (_, name, old, new) in &pair.messages {
            differ(context, &format!("{} messages/{name}", pair.name()), &old.bindings, &new.bindings, new.at, out);
        }
    }
}

type Words = BTreeMap<String, String>;

fn differ(context: &Context<'_>, object: &str, old: &Words, new: &Words, at: Place, out: &mut Drafts) {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for key in keys {
        let (before, after) = (old.get(key), new.get(key));
        if before == after {
            continue;
        }
        let show = |value: Option<&String>| match value {
            None => "nothing".to_owned(),
            Some(text) if may_show(key, text) => format!("`{text}`"),
            Some(_) => "a text".to_owned(),
        };
        let text = format!("the binding `{key}` of `{object}` was {} and is {}", show(before), show(after));
        // What only one side says may be the default of the other.
        let (breaks, severity) = match (before, after) {
            (Some(_), Some(_)) => (both(), None),
            _ => (Vec::new(), Some(Severity::Medium)),
        };
        let draft = Draft::new(&RULE, context.policy, breaks, format!("{object}/bindings/{key}"), text).at(Side::New, at);
        out.push(match severity {
            Some(severity) => draft.severity(severity),
            None => draft,
        });
    }
}
