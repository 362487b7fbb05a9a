//! Further arguments are no longer taken, or taken now.
//!
//! # What it checks
//! `*args`, `**kwargs` or a rest parameter that only one side has, and a call that gives a further argument.
//!
//! # Why it breaks
//! Calls that give more than the named parameters fail.
//!
//! # Safe path
//! Keep taking them and warn; name the ones that callers give as parameters first.
//!
//! # Example
//! ```text
//! old: def log(text, **fields): ...
//! new: def log(text): ...
//! log("a", extra=2) fails
//! ```

use segue_model::check::Side;

use crate::code::context::{Context, additive};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-parameter-rest-changed",
    title: "Further arguments are no longer taken, or taken now",
    why: "Calls that give more than the named parameters fail.",
    fix: "Keep taking them and warn; name the ones that callers give as parameters first.",
    answers: &["griffe:PARAMETER_REMOVED"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for calls in &context.calls {
        for link in &calls.links {
            let lone = match (link.old, link.new) {
                (Some(at), None) => (Side::Old, at, &calls.old.parameters[at]),
                (None, Some(at)) => (Side::New, at, &calls.new.parameters[at]),
                _ => continue,
            };
            let (side, at, parameter) = lone;
            if !parameter.passing.collects() {
                continue;
            }
            let (breaks, shown) = match side {
                Side::Old => calls.broken(calls.old.giving(at), Vec::new()),
                Side::New => calls.broken(Vec::new(), calls.new.giving(at)),
            };
            let now = if side == Side::Old { "no longer takes" } else { "takes" };
            let message = format!("`{}` {now} {} (`{}`)", calls.path, parameter.passing.words(), parameter.name);
            let object = format!("{}({})", calls.path, parameter.name);
            let mut draft = context.draft(&RULE, breaks, &object, message, calls.record());
            draft.witness = shown.map(|(side, call)| context.witness(side, calls, &call));
            out.push(if side == Side::New { additive(draft) } else { draft }.at(side, parameter.at));
        }
    }
}
