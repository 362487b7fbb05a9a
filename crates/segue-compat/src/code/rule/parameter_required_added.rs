//! A new parameter must be given.
//!
//! # What it checks
//! A parameter without a default that only the new side has, and the shortest call of the old side, which does not give
//! it.
//!
//! # Why it breaks
//! Every call written for the old side fails, for it cannot give what was not there.
//!
//! # Safe path
//! Give the parameter a default that does what was done before, or derive it from the others in an adapter.
//!
//! # Example
//! ```text
//! old: def send(to): ...
//! new: def send(to, subject): ...
//! send("a") fails
//! ```

use segue_model::check::Side;

use crate::code::context::Context;
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-parameter-required-added",
    title: "A new parameter must be given",
    why: "Every call written for the old side fails, for it cannot give what was not there.",
    fix: "Give the parameter a default that does what was done before, or derive it from the others in an adapter.",
    answers: &["griffe:PARAMETER_ADDED_REQUIRED"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for calls in &context.calls {
        for link in calls.links.iter().filter(|link| link.old.is_none()) {
            let Some(at) = link.new else { continue };
            let parameter = &calls.new.parameters[at];
            if !parameter.is_required() {
                continue;
            }
            let (breaks, shown) = calls.broken(calls.old.shortest(), calls.new.giving(at));
            let message = format!("`{}` needs the new parameter `{}`", calls.path, parameter.name);
            let object = format!("{}({})", calls.path, parameter.name);
            let mut draft = context.draft(&RULE, breaks, &object, message, calls.record());
            draft.witness = shown.map(|(side, call)| context.witness(side, calls, &call));
            out.push(draft.at(Side::New, parameter.at));
        }
    }
}
