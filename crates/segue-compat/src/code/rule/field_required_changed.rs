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
use crate::code::model::{Class, Form, Item, What, last, owner};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-field-required-changed",
    title: "A record that callers make has a new field that must be there, or lost one",
    why: "Callers of the old side make the record without the new field; callers of the new side make it without the one that is gone.",
    fix: "Make new fields of what callers give optional.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    // A method of an interface or of a protocol is as much needed as a field: whoever implements it must write it.
    let needed = |item: &Item| match &item.what {
        What::Attribute(one) => !one.optional && !one.computed,
        What::Callable(_) => true,
        _ => false,
    };
    let shape = |class: &Class| matches!(class.form, Form::Record | Form::Protocol);
    let taken = |path: &str| owner(path).is_some_and(|owner| context.new.class(owner).is_some_and(shape) && context.usage(owner).taken);
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
