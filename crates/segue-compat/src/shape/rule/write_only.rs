//! Write-only came or went.
//!
//! # What it checks
//! `writeOnly`.
//!
//! # Why it breaks
//! What was in responses is missing now, or the other way round.
//!
//! # Safe path
//! Stop reading it first.
//!
//! # Example
//! `writeOnly: true` added.

use crate::rule::Rule;
use crate::shape::pairs::Local;
use crate::shape::{Notes, ShapeId};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "write-only",
    title: "Write-only came or went",
    why: "What was in responses is missing now, or the other way round.",
    fix: "Stop reading it first.",
    answers: &["oasdiff:response-property-became-write-only", "oasdiff:response-required-property-became-write-only"],
};

/// Compares the notes of two shapes of one place.
pub(super) fn check(local: &mut Local<'_, '_>, old: &Notes, new: &Notes, at: (ShapeId, ShapeId)) {
    if old.write_only != new.write_only {
        let anchor = local.anchor(Some(at.0), Some(at.1));
        let words = if new.write_only {
            ("writeOnly +".to_owned(), "it is only in requests now".to_owned())
        } else {
            ("writeOnly -".to_owned(), "it may be in responses now".to_owned())
        };
        super::note(local, &RULE, anchor, words);
    }
}
