//! A new parameter may be given.
//!
//! # What it checks
//! A parameter with a default that only the new side has, and a call that gives it.
//!
//! # Why it breaks
//! A call that gives it fails on the old side, after a rollback or during a rolling deploy.
//!
//! # Safe path
//! Nothing for the way forward. Let callers give it only when the old version is gone.
//!
//! # Example
//! ```text
//! old: def send(to): ...
//! new: def send(to, retries=3): ...
//! send("a", retries=1) fails on the old side
//! ```

use segue_model::check::Side;

use crate::code::context::{Context, additive};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-parameter-optional-added",
    title: "A new parameter may be given",
    why: "A call that gives it fails on the old side, after a rollback or during a rolling deploy.",
    fix: "Nothing for the way forward. Let callers give it only when the old version is gone.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for calls in &context.calls {
        for link in calls.links.iter().filter(|link| link.old.is_none()) {
            let Some(at) = link.new else { continue };
            let parameter = &calls.new.parameters[at];
            if parameter.is_required() || parameter.passing.collects() {
                continue;
            }
            let (breaks, shown) = calls.broken(Vec::new(), calls.new.giving(at));
            let message = format!("`{}` takes the new parameter `{}`", calls.path, parameter.name);
            let object = format!("{}({})", calls.path, parameter.name);
            let mut draft = additive(context.draft(&RULE, breaks, &object, message, calls.record()));
            draft.witness = shown.map(|(side, call)| context.witness(side, calls, &call));
            out.push(draft.at(Side::New, parameter.at));
        }
    }
}
