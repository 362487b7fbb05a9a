//! What must not fit changed.
//!
//! # What it checks
//! `not`: what it refuses, compared the other way round.
//!
//! # Why it breaks
//! Values that fit what is forbidden now are refused.
//!
//! # Safe path
//! Stop sending such values before they are forbidden.
//!
//! # Example
//! `not: {const: 0}` added: 0 is refused now.

use segue_model::check::Side;

use crate::rule::Rule;
use crate::shape::ShapeId;
use crate::shape::pairs::{Local, Part};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "not",
    title: "What must not fit changed",
    why: "Values that fit what is forbidden now are refused.",
    fix: "Stop sending such values before they are forbidden.",
    answers: &[],
};

/// Compares forbidden shapes in order; where their number differs, samples decide.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let (a, b) = (local.a.nots.clone(), local.b.nots.clone());
    if a.len() == b.len() {
        for ((_, old), (at, new)) in a.iter().zip(&b) {
            let anchor = local.anchor(None, Some(*at));
            let words = ("not".to_owned(), "what `not` refuses changed".to_owned());
            super::opaque(local, &RULE, anchor, (&[*old], &[*new]), (true, Part::Same), words);
        }
        return;
    }
    let anchor = local.anchor(a.first().map(|one| one.0), b.first().map(|one| one.0));
    let words = (format!("not {} -> {}", a.len(), b.len()), "what `not` refuses changed".to_owned());
    // Who is refused is best asked with a value that fits what must not fit.
    let inside: Vec<(Side, ShapeId)> = a.iter().map(|(_, id)| (Side::Old, *id)).chain(b.iter().map(|(_, id)| (Side::New, *id))).collect();
    let likely = super::likely(local, &inside);
    super::sampled_with(local, &RULE, anchor, words, (!b.is_empty(), !a.is_empty()), likely);
}
