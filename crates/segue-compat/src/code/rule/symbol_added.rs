//! A public name is new.
//!
//! # What it checks
//! A function, class, method, attribute, type or constant that only the new side has.
//!
//! # Why it breaks
//! Callers written for the new side fail when the old side comes back.
//!
//! # Safe path
//! Nothing for the way forward. Roll callers back before the module.
//!
//! # Example
//! ```text
//! old: (nothing)
//! new: def send(to): ...
//! `send` is new
//! ```

use segue_model::check::{Breaks, Side};

use crate::code::context::{Context, Record, additive};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-symbol-added",
    title: "A public name is new",
    why: "Callers written for the new side fail when the old side comes back.",
    fix: "Nothing for the way forward. Roll callers back before the module.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (path, item) in &context.added {
        // A field that callers must give has its own rule.
        let message = format!("{} `{path}` is new", item.what.words());
        let draft = context.draft(&RULE, vec![Breaks::Rollback, Breaks::Rolling], path, message, Record::new("", *path));
        out.push(additive(draft).at(Side::New, item.at));
    }
}
