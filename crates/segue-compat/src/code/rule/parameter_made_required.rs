//! A parameter must be given now.
//!
//! # What it checks
//! A parameter that had a default on the old side and has none on the new, and the shortest call of the old side.
//!
//! # Why it breaks
//! Every call that left it out fails.
//!
//! # Safe path
//! Keep the default, or warn first when it is left out.
//!
//! # Example
//! ```text
//! old: def send(to, retries=3): ...
//! new: def send(to, retries): ...
//! send("a") fails
//! ```

use segue_model::check::Side;

use crate::code::context::Context;
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-parameter-made-required",
    title: "A parameter must be given now",
    why: "Every call that left it out fails.",
    fix: "Keep the default, or warn first when it is left out.",
    answers: &["griffe:PARAMETER_CHANGED_REQUIRED"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for calls in &context.calls {
        for link in &calls.links {
            let (Some(old), Some(new)) = (link.old, link.new) else { continue };
            let (old, new) = (&calls.old.parameters[old], &calls.new.parameters[new]);
            if old.is_required() || !new.is_required() || old.passing.collects() {
                continue;
            }
            let (breaks, shown) = calls.broken(calls.old.shortest(), Vec::new());
            let message = format!("the parameter `{}` of `{}` must be given now", new.name, calls.path);
            let object = format!("{}({})", calls.path, new.name);
            let mut draft = context.draft(&RULE, breaks, &object, message, calls.record());
            draft.witness = shown.map(|(side, call)| context.witness(side, calls, &call));
            out.push(draft.at(Side::New, new.at));
        }
    }
}
