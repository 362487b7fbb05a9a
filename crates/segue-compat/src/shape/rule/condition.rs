//! A condition changed.
//!
//! # What it checks
//! `if`, `then` and `else`.
//!
//! # Why it breaks
//! Values that meet the condition must fit another shape now.
//!
//! # Safe path
//! Send values that fit both shapes before the condition changes.
//!
//! # Example
//! `then: {required: [vat]}` added: a value without it is refused now.

use crate::rule::Rule;
use crate::shape::pairs::{Local, Part};
use crate::shape::{Condition, ShapeId};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "condition",
    title: "A condition changed",
    why: "Values that meet the condition must fit another shape now.",
    fix: "Send values that fit both shapes before the condition changes.",
    answers: &[],
};

/// Compares conditions in order: the same condition, then its branches; otherwise samples decide.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let (a, b) = (local.a.conditions.clone(), local.b.conditions.clone());
    if a.is_empty() && b.is_empty() {
        return;
    }
    let anchor = local.anchor(a.first().map(|one| one.0), b.first().map(|one| one.0));
    let words = ("if".to_owned(), "what holds under a condition changed".to_owned());
    let shape = |one: &(ShapeId, Condition)| (one.1.1.is_some(), one.1.2.is_some());
    if a.len() != b.len() || !a.iter().map(shape).eq(b.iter().map(shape)) {
        super::sampled(local, &RULE, anchor, words, (!b.is_empty(), !a.is_empty()));
        return;
    }
    for ((_, (old_if, old_then, old_else)), (_, (new_if, new_then, new_else))) in a.iter().zip(&b) {
        // A condition that changed in any way counts both ways.
        super::opaque(local, &RULE, anchor, (&[*old_if], &[*new_if]), (false, Part::Same), words.clone());
        super::opaque(local, &RULE, anchor, (&[*old_if], &[*new_if]), (true, Part::Same), words.clone());
        for (old, new) in [(old_then, new_then), (old_else, new_else)] {
            if let (Some(old), Some(new)) = (old, new) {
                super::opaque(local, &RULE, anchor, (&[*old], &[*new]), (false, Part::Same), words.clone());
            }
        }
    }
}
