//! Another proof of identity is asked for.
//!
//! # What it checks
//! Security of servers and operations that both sides have: schemes that only one side names. Several schemes are
//! alternatives.
//!
//! # Why it breaks
//! Clients that show what the old side asked for are refused.
//!
//! # Safe path
//! Take both for a while.
//!
//! # Example
//! ```text
//! old: security: [{user: []}]
//! new: security: [{certificate: []}]
//! ```

use std::collections::BTreeMap;

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::asyncapi::context::{Context, gained, lost};
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;
use crate::source::Place;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "asyncapi-security-changed",
    title: "Another proof of identity is asked for",
    why: "Clients that show what the old side asked for are refused.",
    fix: "Take both for a while.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (name, old) in &context.old.servers {
        if let Some(new) = context.new.servers.get(name) {
            differ(context, format!("servers/{name}"), &old.security, &new.security, new.at, out);
        }
    }
    for pair in &context.operations {
        differ(context, pair.name(), &pair.old.security, &pair.new.security, pair.new.at, out);
    }
}

type Schemes = BTreeMap<String, Place>;

fn differ(context: &Context<'_>, object: String, old: &Schemes, new: &Schemes, at: Place, out: &mut Drafts) {
    let names = |all: &Schemes| all.keys().cloned().collect::<Vec<_>>().join(", ");
    if old.keys().eq(new.keys()) {
        return;
    }
    // Without any scheme everybody may: a client that shows nothing is let in.
    let lets = |asked: &Schemes, by: Option<&String>| asked.is_empty() || by.is_some_and(|by| asked.contains_key(by));
    let refused = |before: &Schemes, after: &Schemes| {
        if before.is_empty() { !lets(after, None) } else { before.keys().any(|name| !lets(after, Some(name))) }
    };
    let mut breaks = Vec::new();
    if refused(old, new) {
        breaks.extend(lost());
    }
    if refused(new, old) {
        breaks.extend(gained());
    }
    breaks.sort_unstable();
    breaks.dedup();
    let opened = !old.is_empty() && new.is_empty();
    let text = format!("`{object}` asked for {} and asks for {}", shown(&names(old)), shown(&names(new)));
    let draft = Draft::new(&RULE, context.policy, breaks, object, text).at(Side::New, at);
    out.push(if opened { draft.severity(Severity::Critical) } else { draft });
}

fn shown(names: &str) -> String {
    if names.is_empty() { "nothing".to_owned() } else { format!("`{names}`") }
}
