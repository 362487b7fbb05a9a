//! A parameter has another name.
//!
//! # What it checks
//! A parameter that stands where another of the same form stood before, and a call that gives it by name. In TypeScript
//! and for positional-only parameters the name is nobody's business, and there is no finding.
//!
//! # Why it breaks
//! Calls that give it by name fail, and calls by position do not: tests by position see nothing.
//!
//! # Safe path
//! Take both names for a while, or make the parameter positional only before it is renamed.
//!
//! # Example
//! ```text
//! old: def send(to): ...
//! new: def send(recipient): ...
//! send(to="a") fails
//! ```

use segue_model::check::Side;

use crate::code::context::Context;
use crate::code::model::Signature;
use crate::draft::Drafts;
use crate::likeness::likeness;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-parameter-renamed",
    title: "A parameter has another name",
    why: "Calls that give it by name fail, and calls by position do not: tests by position see nothing.",
    fix: "Take both names for a while, or make the parameter positional only before it is renamed.",
    answers: &["griffe:PARAMETER_REMOVED"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for calls in &context.calls {
        for link in &calls.links {
            let (Some(old_at), Some(new_at)) = (link.old, link.new) else { continue };
            let (old, new) = (&calls.old.parameters[old_at], &calls.new.parameters[new_at]);
            if old.name == new.name || old.passing.collects() {
                continue;
            }
            let named = |signature: &Signature, at: usize, name: &String| {
                let mut given = signature.giving(at);
                given.retain(|call| call.names.contains(name));
                given
            };
            let (breaks, shown) = calls.broken(named(calls.old, old_at, &old.name), named(calls.new, new_at, &new.name));
            if breaks.is_empty() {
                continue;
            }
            let alike = likeness(&old.name, &new.name);
            let typed = if old.annotation.is_some() && old.annotation == new.annotation { ", the same type" } else { "" };
            let message = format!(
                "the parameter `{}` of `{}` seems to be `{}` now (the same place{typed}, names {alike}% alike)",
                old.name, calls.path, new.name
            );
            let object = format!("{}({})", calls.path, old.name);
            let mut draft = context.draft(&RULE, breaks, &object, message, calls.record());
            draft.witness = shown.map(|(side, call)| context.witness(side, calls, &call));
            out.push(draft.at(Side::New, new.at));
        }
    }
}
