//! A function fails with other exceptions.
//!
//! # What it checks
//! The names in `raise` statements and in the documentation (`Raises:`, `:raises X:`) of a function that both sides
//! have.
//!
//! # Why it breaks
//! Callers catch what was raised before: a new exception goes past them, and the code behind the old one is never
//! reached.
//!
//! # Safe path
//! Let the new exception build on the old one.
//!
//! # Example
//! ```text
//! old: raise KeyError(id)
//! new: raise NotFound(id)
//! `load` raises NotFound now, no longer KeyError
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::code::context::{Context, Record};
use crate::code::model::{Callable, What};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-raises-changed",
    title: "A function fails with other exceptions",
    why: "Callers catch what was raised before: a new exception goes past them, and the code behind the old one is never reached.",
    fix: "Let the new exception build on the old one.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in &context.pairs {
        let (What::Callable(old), What::Callable(new)) = (&pair.old.what, &pair.new.what) else { continue };
        let only = |one: &Callable, other: &Callable| one.raises.difference(&other.raises).cloned().collect::<Vec<_>>().join(", ");
        let (gone, more) = (only(old, new), only(new, old));
        let message = match (gone.is_empty(), more.is_empty()) {
            (true, true) => continue,
            (true, false) => format!("`{}` can raise {more} now", pair.path),
            (false, true) => format!("`{}` no longer raises {gone}", pair.path),
            (false, false) => format!("`{}` can raise {more} now, no longer {gone}", pair.path),
        };
        let draft = context.draft(&RULE, Vec::new(), pair.path, message, Record::new(gone, more).silent());
        out.push(draft.severity(Severity::Low).at(Side::New, pair.new.at));
    }
}
