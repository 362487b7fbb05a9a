//! A parameter may be left out now.
//!
//! # What it checks
//! A parameter that had no default on the old side and has one on the new, and the shortest call of the new side.
//!
//! # Why it breaks
//! Callers that leave it out fail when the old side comes back.
//!
//! # Safe path
//! Nothing for the way forward. Let callers leave it out only when the old version is gone.
//!
//! # Example
//! ```text
//! old: def send(to, retries): ...
//! new: def send(to, retries=3): ...
//! send("a") fails on the old side
//! ```

use segue_model::check::Side;

use crate::code::context::{Context, additive};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-parameter-made-optional",
    title: "A parameter may be left out now",
    why: "Callers that leave it out fail when the old side comes back.",
    fix: "Nothing for the way forward. Let callers leave it out only when the old version is gone.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for calls in &context.calls {
        for link in &calls.links {
            let (Some(old), Some(new)) = (link.old, link.new) else { continue };
            let (old, new) = (&calls.old.parameters[old], &calls.new.parameters[new]);
            if !old.is_required() || new.is_required() || new.passing.collects() {
                continue;
            }
            let (breaks, shown) = calls.broken(Vec::new(), calls.new.shortest());
            let message = format!("the parameter `{}` of `{}` may be left out now", new.name, calls.path);
            let object = format!("{}({})", calls.path, new.name);
            let mut draft = additive(context.draft(&RULE, breaks, &object, message, calls.record()));
            draft.witness = shown.map(|(side, call)| context.witness(side, calls, &call));
            out.push(draft.at(Side::New, new.at));
        }
    }
}
