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

use segue_model::check::Side;

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
        let of = |side: Side, all: &[(ShapeId, Condition)]| all.iter().map(|one| (side, one.1.0)).collect::<Vec<_>>();
        let inside: Vec<(Side, ShapeId)> = of(Side::Old, &a).into_iter().chain(of(Side::New, &b)).collect();
        let likely = super::likely(local, &inside);
        super::sampled_with(local, &RULE, anchor, words, (!b.is_empty(), !a.is_empty()), likely);
        return;
    }
    for ((_, (old_if, old_then, old_else)), (_, (new_if, new_then, new_else))) in a.iter().zip(&b) {
        // A condition that changed in any way counts both ways.
        super::opaque(local, &RULE, anchor, (&[*old_if], &[*new_if]), (false, Part::Same), words.clone());
        super::opaque(local, &RULE, anchor, (&[*old_if], &[*new_if]), (true, Part::Same), words.clone());
        if let (Some(old), Some(new)) = (old_then, new_then) {
            // With the condition, so that a value that shows the difference meets it.
            super::opaque(local, &RULE, anchor, (&[*old_if, *old], &[*new_if, *new]), (false, Part::Same), words.clone());
        }
        if let (Some(old), Some(new)) = (old_else, new_else) {
            super::opaque(local, &RULE, anchor, (&[*old], &[*new]), (false, Part::Same), words.clone());
        }
    }
}
