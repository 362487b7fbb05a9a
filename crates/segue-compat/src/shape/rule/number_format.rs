//! The format of a number changed.
//!
//! # What it checks
//! `format: int32`, `int64` and the like, where formats bind: the numbers that fit in them.
//!
//! # Why it breaks
//! A number that fits 64 bits overflows in a reader of 32; a format that shrank refuses numbers that were sent.
//!
//! # Safe path
//! Add a new field with the wider format, and move readers before writers.
//!
//! # Example
//! `format: int64` to `int32`: 2147483648 is refused now.

use crate::rule::Rule;
use crate::shape::format;
use crate::shape::pairs::Local;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "number-format",
    title: "The format of a number changed",
    why: "A number that fits 64 bits overflows in a reader of 32; a format that shrank refuses numbers that were sent.",
    fix: "Add a new field with the wider format, and move readers before writers.",
    answers: &["oasdiff:request-property-type-changed", "oasdiff:response-property-type-changed"],
};

/// Formats without a range (`float`, `double`) are only told.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let name = |view: &crate::shape::view::View<'_>| view.number_formats.first().map(|(at, name)| (*at, (*name).to_owned()));
    let (old, new) = (name(local.a), name(local.b));
    let (old_name, new_name) = (old.as_ref().map(|one| one.1.clone()), new.as_ref().map(|one| one.1.clone()));
    if old_name == new_name {
        return;
    }
    let ranged = |name: &Option<String>| name.as_deref().is_none_or(|name| format::range(name).is_some());
    if local.pairs.options.formats_bind && ranged(&old_name) && ranged(&new_name) {
        return; // The ends of the range say it.
    }
    let show = |name: &Option<String>| name.clone().unwrap_or_else(|| "none".to_owned());
    let anchor = local.anchor(old.map(|one| one.0), new.map(|one| one.0));
    let words = (
        format!("number format {} -> {}", show(&old_name), show(&new_name)),
        format!("the number's `format` went from {} to {}", show(&old_name), show(&new_name)),
    );
    super::note(local, &RULE, anchor, words);
}
