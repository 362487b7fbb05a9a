//! A record that callers make has a new field that must be there, or lost one.
//!
//! # What it checks
//! Fields without `?` that only one side of a record has, where callers make the record. The field by itself is told of
//! as new or gone; this says who fails.
//!
//! # Why it breaks
//! Callers of the old side make the record without the new field; callers of the new side make it without the one that
//! is gone.
//!
//! # Safe path
//! Make new fields of what callers give optional.
//!
//! # Example
//! ```text
//! old: interface Options { to: string }
//! new: interface Options { to: string; from: string }
//! whoever makes Options must give `from` now
//! ```

use segue_model::check::{Breaks, Side};

use crate::code::context::{Context, Record};
use crate::code::model::{Item, What, last, owner};
use crate::draft::Draft;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-field-required-changed",
    title: "A record that callers make has a new field that must be there, or lost one",
    why: "Callers of the old side make the record without the new field; callers of the new side make it without the one that is gone.",
    fix: "Make new fields of what callers give optional.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Vec<Draft>) {
    let needed = |item: &Item| matches!(&item.what, What::Attribute(one) if !one.optional && !one.computed);
    let taken = |path: &str| context.record_of(path).is_some_and(|record| context.usage(record).taken);
    for (path, item) in context.added.iter().filter(|(path, item)| needed(item) && taken(path)) {
        let message = format!("whoever makes `{}` must give `{}` now", owner(path).unwrap_or_default(), last(path));
        let draft = context.draft(&RULE, vec![Breaks::Deploy, Breaks::Rolling], path, message, Record::new("", *path));
        out.push(draft.at(Side::New, item.at));
    }
    for (path, item) in context.removed.iter().filter(|(path, item)| needed(item) && taken(path)) {
        let message = format!("the old side needs `{}` of `{}`, which nobody gives any more", last(path), owner(path).unwrap_or_default());
        let draft = context.draft(&RULE, vec![Breaks::Rollback, Breaks::Rolling], path, message, Record::new(*path, ""));
        out.push(draft.at(Side::Old, item.at));
    }
}
