//! A parameter takes other values.
//!
//! # What it checks
//! The written type of a parameter, on both sides: narrower, wider or another. Types that nobody can compare without
//! running the code are undecided. A type that is only written on one side changes nothing at run time.
//!
//! # Why it breaks
//! Callers give what the old side took, and the new side does not take it.
//!
//! # Safe path
//! Take both for a while (`old | new`) and convert inside.
//!
//! # Example
//! ```text
//! old: def find(id: int | str): ...
//! new: def find(id: int): ...
//! `find` no longer takes a str
//! ```

use segue_model::check::Side;

use crate::code::context::{Context, additive};
use crate::draft::Drafts;
use crate::policy::{Relation, Role};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-parameter-type-changed",
    title: "A parameter takes other values",
    why: "Callers give what the old side took, and the new side does not take it.",
    fix: "Take both for a while (`old | new`) and convert inside.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for calls in &context.calls {
        for link in &calls.links {
            let (Some(old), Some(new)) = (link.old, link.new) else { continue };
            let (old, new) = (&calls.old.parameters[old], &calls.new.parameters[new]);
            let (Some(before), Some(after)) = (&old.annotation, &new.annotation) else { continue };
            let relation = context.types.relate_places((before, old.optional), (after, new.optional), false);
            if relation == Relation::Equal {
                continue;
            }
            let message = format!(
                "the parameter `{}` of `{}` {} (was `{}`, is `{}`)",
                new.name,
                calls.path,
                words(relation),
                before.shown(),
                after.shown()
            );
            let object = format!("{}({})", calls.path, new.name);
            let draft = context.draft(&RULE, Vec::new(), &object, message, calls.record());
            let draft = context.judged(draft, Role::Request, relation).at(Side::New, new.at);
            out.push(if relation == Relation::Widened { additive(draft) } else { draft });
        }
    }
}

fn words(relation: Relation) -> &'static str {
    match relation {
        Relation::Narrowed => "takes fewer values",
        Relation::Widened => "takes more values",
        Relation::Changed => "takes other values",
        _ => "has another type, and which values it takes could not be decided",
    }
}
