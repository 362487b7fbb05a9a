//! A deprecation came or went.
//!
//! # What it checks
//! `deprecated`.
//!
//! # Why it breaks
//! Nothing breaks yet; what is deprecated goes later.
//!
//! # Safe path
//! Tell who uses it, with a date.
//!
//! # Example
//! `deprecated: true` added.

use crate::rule::Rule;
use crate::shape::pairs::Local;
use crate::shape::{Notes, ShapeId};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "deprecated",
    title: "A deprecation came or went",
    why: "Nothing breaks yet; what is deprecated goes later.",
    fix: "Tell who uses it, with a date.",
    answers: &["oasdiff:request-property-deprecated", "oasdiff:response-property-deprecated"],
};

/// Compares the notes of two shapes of one place.
pub(super) fn check(local: &mut Local<'_, '_>, old: &Notes, new: &Notes, at: (ShapeId, ShapeId)) {
    if old.deprecated != new.deprecated {
        let anchor = local.anchor(Some(at.0), Some(at.1));
        let words = if new.deprecated {
            ("deprecated +".to_owned(), "it is deprecated now".to_owned())
        } else {
            ("deprecated -".to_owned(), "it is no longer deprecated".to_owned())
        };
        super::note(local, &RULE, anchor, words);
    }
}
