//! Something that was not understood changed.
//!
//! # What it checks
//! Keywords and references that could not be read, and are not the same on both sides.
//!
//! # Why it breaks
//! Whether it breaks anything could not be decided.
//!
//! # Safe path
//! Compare the two by eye, or give the files that are missing.
//!
//! # Example
//! `$ref` to a file that was not given.

use std::collections::BTreeSet;

use crate::rule::Rule;
use crate::shape::pairs::Local;
use crate::shape::view::View;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "not-understood",
    title: "Something that was not understood changed",
    why: "Whether it breaks anything could not be decided.",
    fix: "Compare the two by eye, or give the files that are missing.",
    answers: &[],
};

/// The same text on both sides means the same; everything else is undecided.
///
/// Answers whether nothing else can be said: what a lost reference stands for may say anything, also what the other side says.
pub(super) fn check(local: &mut Local<'_, '_>) -> bool {
    let of = |view: &View<'_>| view.unread.iter().map(|(_, what)| (*what).to_owned()).collect::<BTreeSet<String>>();
    let (a, b) = (of(local.a), of(local.b));
    if a == b {
        return false;
    }
    let at = |view: &View<'_>| view.unread.first().map(|(at, _)| *at);
    let anchor = local.anchor(at(local.a), at(local.b));
    let what: Vec<&str> = a.symmetric_difference(&b).map(String::as_str).collect();
    let first = what.first().map(|what| what.chars().take(80).collect::<String>()).unwrap_or_default();
    local.undecided(&RULE, anchor, format!("unread {}", what.join("; ")), format!("this could not be compared: {first}"));
    what.iter().any(|what| what.starts_with("the reference `"))
}
