//! The default changed.
//!
//! # What it checks
//! `default`: what a missing value means.
//!
//! # Why it breaks
//! Nobody refuses anything, and yet who leaves the value out gets another behaviour.
//!
//! # Safe path
//! Send the value explicitly before the default changes, or give the new behaviour a new name.
//!
//! # Example
//! `default: 10` to `default: 50`: a page without a limit is larger now.

use crate::rule::Rule;
use crate::shape::pairs::Local;
use crate::shape::{Literal, Notes, ShapeId};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "default",
    title: "The default changed",
    why: "Nobody refuses anything, and yet who leaves the value out gets another behaviour.",
    fix: "Send the value explicitly before the default changes, or give the new behaviour a new name.",
    answers: &[
        "oasdiff:request-parameter-default-value-changed",
        "oasdiff:request-property-default-value-changed",
        "oasdiff:response-property-default-value-changed",
    ],
};

/// Compares the notes of two shapes of one place.
pub(super) fn check(local: &mut Local<'_, '_>, old: &Notes, new: &Notes, at: (ShapeId, ShapeId)) {
    if old.default != new.default {
        let anchor = local.anchor(Some(at.0), Some(at.1));
        let show = |value: &Option<Literal>| value.as_ref().map_or("none".to_owned(), ToString::to_string);
        let (a, b) = (show(&old.default), show(&new.default));
        let words = (format!("default {a} -> {b}"), format!("the default went from {a} to {b}: who leaves the value out gets another one"));
        super::note(local, &RULE, anchor, words);
    }
}
