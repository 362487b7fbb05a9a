//! What stands inside a text changed.
//!
//! # What it checks
//! `contentEncoding` and `contentMediaType`.
//!
//! # Why it breaks
//! No text is refused, and who decodes it in the old way gets other bytes, or none.
//!
//! # Safe path
//! Give the other content a property of its own, and keep the old one until nobody reads it.
//!
//! # Example
//! `contentEncoding: base64` to `base64url`: `-_8=` is no base64 to who reads it in the old way.

use crate::rule::Rule;
use crate::shape::pairs::{Local, Proof};
use crate::shape::{Content, Notes, ShapeId};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "content",
    title: "What stands inside a text changed",
    why: "No text is refused, and who decodes it in the old way gets other bytes, or none.",
    fix: "Give the other content a property of its own, and keep the old one until nobody reads it.",
    answers: &[],
};

/// Compares the notes of two shapes of one place. What only one side names may always have been so: that is only told.
pub(super) fn check(local: &mut Local<'_, '_>, old: &Notes, new: &Notes, at: (ShapeId, ShapeId)) {
    let none = Content::default();
    let (a, b) = (old.content.as_deref().unwrap_or(&none), new.content.as_deref().unwrap_or(&none));
    let anchor = local.anchor(Some(at.0), Some(at.1));
    for (keyword, a, b) in [("contentEncoding", &a.encoding, &b.encoding), ("contentMediaType", &a.media, &b.media)] {
        if a.as_deref().map(str::to_ascii_lowercase) == b.as_deref().map(str::to_ascii_lowercase) {
            continue;
        }
        let name = |side: &Option<Box<str>>| side.as_deref().unwrap_or("none").to_owned();
        let (from, to) = (name(a), name(b));
        let words = (
            format!("{keyword} {from} -> {to}"),
            format!("`{keyword}` went from {from} to {to}: what is read out of the text is another thing"),
        );
        if a.is_some() && b.is_some() {
            local.differ(&RULE, anchor, words, Proof::Yes(None), Proof::Yes(None));
        } else {
            super::note(local, &RULE, anchor, words);
        }
    }
}
