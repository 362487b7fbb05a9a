//! A field of a record must be there now, or may be missing now.
//!
//! # What it checks
//! `?`, `Required` and `NotRequired` on a field that both sides have. Who makes the record decides: what callers give
//! breaks when it becomes required, what callers get breaks when it becomes optional.
//!
//! # Why it breaks
//! Callers do not give it, or do not expect it to be missing.
//!
//! # Safe path
//! Make it required only when all callers give it; keep giving what was always there.
//!
//! # Example
//! ```text
//! old: interface Options { retries?: number }
//! new: interface Options { retries: number }
//! whoever makes Options must give `retries` now
//! ```

use segue_model::check::Side;

use crate::code::context::{Context, Record};
use crate::code::model::What;
use crate::code::usage::Usage;
use crate::draft::Drafts;
use crate::policy::{Policy, Relation, Role};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-field-presence-changed",
    title: "A field of a record must be there now, or may be missing now",
    why: "Callers do not give it, or do not expect it to be missing.",
    fix: "Make it required only when all callers give it; keep giving what was always there.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in &context.pairs {
        let (What::Attribute(old), What::Attribute(new)) = (&pair.old.what, &pair.new.what) else { continue };
        let usage = context.record_of(pair.path).map_or(Usage { taken: false, given: true }, |record| context.usage(record));
        if old.optional == new.optional {
            continue;
        }
        let relation = if new.optional { Relation::Widened } else { Relation::Narrowed };
        let mut breaks = Vec::new();
        if usage.taken {
            breaks.extend(Policy::breaks(Role::Request, relation));
        }
        if usage.given {
            breaks.extend(Policy::breaks(Role::Response, relation));
        }
        let message = format!("`{}` {}", pair.path, if new.optional { "may be missing now" } else { "must be there now" });
        let words = |optional: bool| if optional { "optional" } else { "required" };
        let draft = context.draft(&RULE, breaks, pair.path, message, Record::new(words(old.optional), words(new.optional)));
        out.push(draft.at(Side::New, pair.new.at));
    }
}
