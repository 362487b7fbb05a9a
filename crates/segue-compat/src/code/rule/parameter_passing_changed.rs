//! A parameter is given in another way.
//!
//! # What it checks
//! Positional, by name, or either: what the sides allow differs, and a call that only one of them takes.
//!
//! # Why it breaks
//! Calls by the way that is gone fail.
//!
//! # Safe path
//! Allow both ways; take one away in a major version.
//!
//! # Example
//! ```text
//! old: def send(to, retries=3): ...
//! new: def send(to, *, retries=3): ...
//! send("a", 1) fails
//! ```

use segue_model::check::{Breaks, Side};

use crate::code::context::{Context, additive};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-parameter-passing-changed",
    title: "A parameter is given in another way",
    why: "Calls by the way that is gone fail.",
    fix: "Allow both ways; take one away in a major version.",
    answers: &["griffe:PARAMETER_CHANGED_KIND"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for calls in &context.calls {
        for link in &calls.links {
            let (Some(old_at), Some(new_at)) = (link.old, link.new) else { continue };
            let (old, new) = (&calls.old.parameters[old_at], &calls.new.parameters[new_at]);
            if old.passing == new.passing {
                continue;
            }
            let (breaks, shown) = calls.broken(calls.old.giving(old_at), calls.new.giving(new_at));
            let message =
                format!("the parameter `{}` of `{}` was {} and is {}", new.name, calls.path, old.passing.words(), new.passing.words());
            let object = format!("{}({})", calls.path, new.name);
            let wider = !breaks.contains(&Breaks::Deploy);
            let mut draft = context.draft(&RULE, breaks, &object, message, calls.record());
            draft.witness = shown.map(|(side, call)| context.witness(side, calls, &call));
            out.push(if wider { additive(draft) } else { draft }.at(Side::New, new.at));
        }
    }
}
