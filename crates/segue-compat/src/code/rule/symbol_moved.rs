//! A public name stands in another module.
//!
//! # What it checks
//! A name that is gone from one module and there in another, with the same last name and the same kind.
//!
//! # Why it breaks
//! Callers import it from where it was.
//!
//! # Safe path
//! Hand it on from the old module (`from .new_place import name`), and deprecate that import.
//!
//! # Example
//! ```text
//! old: shop/mail.py: def send(to): ...
//! new: shop/notify.py: def send(to): ...
//! `mail.send` stands in `notify` now
//! ```

use segue_model::check::{Breaks, Side};

use crate::code::context::{Context, Record};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-symbol-moved",
    title: "A public name stands in another module",
    why: "Callers import it from where it was.",
    fix: "Hand it on from the old module (`from .new_place import name`), and deprecate that import.",
    answers: &["griffe:OBJECT_REMOVED"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for one in &context.moved {
        let (from, to) = (one.from, one.to);
        let message = format!("{} `{from}` seems to be `{to}` now ({}% sure: {})", one.old.what.words(), one.confidence, one.evidence);
        let breaks = vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling];
        out.push(context.draft(&RULE, breaks, from, message, Record::new(from, to)).at(Side::New, one.new.at));
    }
}
