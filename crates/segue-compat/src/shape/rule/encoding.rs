//! The encoding of a value changed.
//!
//! # What it checks
//! How a value is written on the wire or on disk, where the family says so.
//!
//! # Why it breaks
//! Bytes that one side wrote mean something else, or nothing, to the other.
//!
//! # Safe path
//! Add a field with the new encoding under a new number or name, and retire the old one.
//!
//! # Example
//! `varint` to `fixed64`: no value that was written can be read.

use std::collections::BTreeSet;

use crate::rule::Rule;
use crate::shape::pairs::{Local, Proof};
use crate::shape::view::View;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "encoding",
    title: "The encoding of a value changed",
    why: "Bytes that one side wrote mean something else, or nothing, to the other.",
    fix: "Add a field with the new encoding under a new number or name, and retire the old one.",
    answers: &[],
};

/// `true` when the encodings differ, so that nothing else can be compared.
pub(super) fn check(local: &mut Local<'_, '_>) -> bool {
    let of = |view: &View<'_>| view.encodings.iter().map(|(_, name)| (*name).to_owned()).collect::<BTreeSet<String>>();
    let (a, b) = (of(local.a), of(local.b));
    if a == b {
        return false;
    }
    let at = |view: &View<'_>| view.encodings.first().map(|(at, _)| *at);
    let anchor = local.anchor(at(local.a), at(local.b));
    let show =
        |all: &BTreeSet<String>| if all.is_empty() { "none".to_owned() } else { all.iter().cloned().collect::<Vec<_>>().join(" and ") };
    let words = (
        format!("encoding {} -> {}", show(&a), show(&b)),
        format!("the encoding went from {} to {}: what one side wrote, the other cannot read", show(&a), show(&b)),
    );
    local.differ(&RULE, anchor, words, Proof::Yes(None), Proof::Yes(None));
    true
}
