//! Read-only came or went.
//!
//! # What it checks
//! `readOnly`.
//!
//! # Why it breaks
//! What was sent in requests is ignored or refused now, or the other way round.
//!
//! # Safe path
//! Stop sending it first.
//!
//! # Example
//! `readOnly: true` added.

use crate::rule::Rule;
use crate::shape::pairs::Local;
use crate::shape::{Notes, ShapeId};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "read-only",
    title: "Read-only came or went",
    why: "What was sent in requests is ignored or refused now, or the other way round.",
    fix: "Stop sending it first.",
    answers: &[
        "oasdiff:request-property-became-not-read-only",
        "oasdiff:response-property-became-read-only",
        "oasdiff:request-required-property-became-not-read-only",
    ],
};

/// Compares the notes of two shapes of one place.
pub(super) fn check(local: &mut Local<'_, '_>, old: &Notes, new: &Notes, at: (ShapeId, ShapeId)) {
    if old.read_only != new.read_only {
        let anchor = local.anchor(Some(at.0), Some(at.1));
        let words = if new.read_only {
            ("readOnly +".to_owned(), "it is only in responses now".to_owned())
        } else {
            ("readOnly -".to_owned(), "it may be in requests now".to_owned())
        };
        super::note(local, &RULE, anchor, words);
    }
}
