//! A parameter is gone.
//!
//! # What it checks
//! A parameter that only the old side has, and a call that gives it. Where `**kwargs` or `*args` still take the
//! argument nothing fails, and whether it is used cannot be seen: that is undecided.
//!
//! # Why it breaks
//! A call that gives it fails: unexpected keyword, or too many positions.
//!
//! # Safe path
//! Keep the parameter with a default, ignore it and warn when it is given; remove it in a major version.
//!
//! # Example
//! ```text
//! old: def send(to, retries=3): ...
//! new: def send(to): ...
//! send("a", retries=1) fails
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::code::context::Context;
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-parameter-removed",
    title: "A parameter is gone",
    why: "A call that gives it fails: unexpected keyword, or too many positions.",
    fix: "Keep the parameter with a default, ignore it and warn when it is given; remove it in a major version.",
    answers: &["griffe:PARAMETER_REMOVED"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for calls in &context.calls {
        for link in calls.links.iter().filter(|link| link.new.is_none()) {
            let Some(at) = link.old else { continue };
            let parameter = &calls.old.parameters[at];
            if parameter.passing.collects() {
                continue;
            }
            let rollback = if parameter.is_required() { calls.new.shortest() } else { Vec::new() };
            let (breaks, shown) = calls.broken(calls.old.giving(at), rollback);
            let required = if parameter.is_required() { "required " } else { "" };
            let absorbed = breaks.is_empty();
            let tail = if absorbed { "; the call is still taken, and nothing says what becomes of it" } else { "" };
            let message = format!("the {required}parameter `{}` of `{}` is gone{tail}", parameter.name, calls.path);
            let object = format!("{}({})", calls.path, parameter.name);
            let mut draft = context.draft(&RULE, breaks, &object, message, calls.record());
            draft.witness = shown.map(|(side, call)| context.witness(side, calls, &call));
            draft.undecided = absorbed;
            if absorbed {
                draft.severity = Severity::Medium;
            }
            out.push(draft.at(Side::Old, parameter.at));
        }
    }
}
