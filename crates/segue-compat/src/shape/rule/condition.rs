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

use std::collections::VecDeque;

use segue_model::check::Side;

use crate::rule::Rule;
use crate::shape::alike::Asked;
use crate::shape::pairs::{Local, Part};
use crate::shape::view::View;
use crate::shape::{Condition, ShapeId};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "condition",
    title: "A condition changed",
    why: "Values that meet the condition must fit another shape now.",
    fix: "Send values that fit both shapes before the condition changes.",
    answers: &[],
};

/// A condition, and the shape that says it.
type Said = (ShapeId, Condition);

/// Compares the branches of conditions that are the same, then the others in order. Of conditions that only one side has,
/// samples decide: more of them only narrow, fewer only widen.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let of = |view: &View<'_>| {
        view.conditions.iter().filter(|one| one.1.then.or(one.1.otherwise).is_some()).copied().collect::<VecDeque<Said>>()
    };
    let (mut a, mut b) = (of(local.a), of(local.b));
    if a.is_empty() && b.is_empty() {
        return;
    }
    let (old, new) = (local.pairs.old.shapes, local.pairs.new.shapes);
    a.retain(|one| {
        let same = b.iter().take(SOUGHT_MAX).position(|other| local.pairs.alike.is(old, new, (one.1.when, other.1.when), Asked::Whole));
        if let Some(other) = same.and_then(|at| b.remove(at)) {
            branches(local, *one, other);
        }
        same.is_none()
    });
    if a.len() != b.len() {
        only_one_side(local, a.make_contiguous(), b.make_contiguous());
        return;
    }
    for (one, other) in a.into_iter().zip(b) {
        // A condition that changed in any way counts both ways.
        for opposite in [false, true] {
            ask(local, (one, other), (&[one.1.when], &[other.1.when]), opposite);
        }
        branches(local, one, other);
    }
}

/// Among so many conditions of the other side the same one is looked for.
const SOUGHT_MAX: usize = 32;

fn words() -> (String, String) {
    ("if".to_owned(), "what holds under a condition changed".to_owned())
}

/// Each branch together with what leads to it, so that a value that shows a difference takes that branch. One that is not there
/// demands nothing.
fn branches(local: &mut Local<'_, '_>, one: Said, other: Said) {
    let of = |leads: ShapeId, to: Option<ShapeId>| std::iter::once(leads).chain(to).collect::<Vec<_>>();
    let (a, b) = (one.1, other.1);
    for (old, new) in [((a.when, a.then), (b.when, b.then)), ((a.unless, a.otherwise), (b.unless, b.otherwise))]
        .into_iter()
        .filter(|(a, b)| a.1.or(b.1).is_some())
    {
        ask(local, (one, other), (&of(old.0, old.1), &of(new.0, new.1)), false);
    }
}

fn ask(local: &mut Local<'_, '_>, (one, other): (Said, Said), parts: (&[ShapeId], &[ShapeId]), opposite: bool) {
    let anchor = local.anchor(Some(one.0), Some(other.0));
    super::opaque(local, &RULE, anchor, parts, (opposite, Part::Same), words());
}

fn only_one_side(local: &mut Local<'_, '_>, a: &[Said], b: &[Said]) {
    let anchor = local.anchor(a.first().map(|one| one.0), b.first().map(|one| one.0));
    let of = |side: Side, all: &[Said]| all.iter().flat_map(|one| [(side, one.1.when), (side, one.1.unless)]).collect::<Vec<_>>();
    let likely = super::likely(local, &[of(Side::Old, a), of(Side::New, b)].concat());
    super::sampled_with(local, &RULE, anchor, words(), (!b.is_empty(), !a.is_empty()), likely);
}
