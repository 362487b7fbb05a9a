//! An argument by position lands in another parameter.
//!
//! # What it checks
//! Calls by position that both sides take, and in which a value reaches another parameter than before: parameters
//! changed places, or one was put before others.
//!
//! # Why it breaks
//! Nothing fails. The values go elsewhere.
//!
//! # Safe path
//! Put new parameters behind all others or make them keyword only; make parameters keyword only before you reorder
//! them.
//!
//! # Example
//! ```text
//! old: def resize(width, height): ...
//! new: def resize(height, width): ...
//! resize(1, 2) swaps the sides without an error
//! ```

use segue_model::check::{Breaks, Side};

use crate::code::call::Call;
use crate::code::context::Context;
use crate::code::model::Signature;
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-parameter-moved",
    title: "An argument by position lands in another parameter",
    why: "Nothing fails. The values go elsewhere.",
    fix: "Put new parameters behind all others or make them keyword only; make parameters keyword only before you reorder them.",
    answers: &["griffe:PARAMETER_MOVED"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for calls in &context.calls {
        let count = |signature: &Signature| signature.parameters.iter().filter(|parameter| parameter.passing.by_position()).count();
        let most = count(calls.old).min(count(calls.new)).min(64);
        let keyword_only = calls.old.shortest().into_iter().next().map(|call| call.names).unwrap_or_default();
        let found = (1..=most).find_map(|positions| {
            let call = Call { positions, names: keyword_only.clone() };
            let (before, after) = (calls.old.bind(&call)?, calls.new.bind(&call)?);
            let wrong = before
                .iter()
                .zip(&after)
                .take(positions)
                .position(|(old, new)| !calls.links.iter().any(|link| link.old == Some(*old) && link.new == Some(*new)))?;
            Some((call, before[wrong], after[wrong]))
        });
        let Some((call, old, new)) = found else { continue };
        let (old, new) = (&calls.old.parameters[old], &calls.new.parameters[new]);
        let message = format!("by position, what was `{}` of `{}` lands in `{}` now, without an error", old.name, calls.path, new.name);
        let breaks = vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling];
        let object = format!("{}({})", calls.path, old.name);
        let mut draft = context.draft(&RULE, breaks, &object, message, calls.record().silent());
        draft.witness = Some(context.witness(Side::Old, calls, &call));
        out.push(draft.at(Side::New, new.at));
    }
}
