//! The divisor of a number changed.
//!
//! # What it checks
//! `multipleOf`: whether every number of one side is one of the other.
//!
//! # Why it breaks
//! Numbers that are no multiple of the new divisor are refused.
//!
//! # Safe path
//! Round what is sent before the divisor is demanded.
//!
//! # Example
//! `multipleOf` from 5 to 10: 15 is refused now.

use crate::rule::Rule;
use crate::shape::limits::{Range, multiples_near};
use crate::shape::pairs::{Local, Proof, Way};
use crate::shape::{Number, Types};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "multiple-of",
    title: "The divisor of a number changed",
    why: "Numbers that are no multiple of the new divisor are refused.",
    fix: "Round what is sent before the divisor is demanded.",
    answers: &[],
};

/// Compares divisors; for whole numbers 1 divides everything.
pub(super) fn check(local: &mut Local<'_, '_>, old: &Range, new: &Range) {
    let of = |range: &Range| {
        let mut all: Vec<Number> = range.multiples.iter().map(|(_, of)| *of).collect();
        all.sort();
        all.dedup();
        all
    };
    let (a, b) = (of(old), of(new));
    if a == b {
        return;
    }
    let whole = |types: Types| !types.meets(Types::FRACTION);
    let narrowed = proof(local, Way::Narrowed, (&a, whole(local.a.types)), &b, old);
    let widened = proof(local, Way::Widened, (&b, whole(local.b.types)), &a, new);
    let at = |range: &Range| range.multiples.first().map(|(at, _)| *at);
    let anchor = local.anchor(at(old), at(new));
    let show = |all: &[Number]| {
        if all.is_empty() { "none".to_owned() } else { all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ") }
    };
    let words = (format!("multipleOf {} -> {}", show(&a), show(&b)), format!("`multipleOf` went from {} to {}", show(&a), show(&b)));
    local.differ(&RULE, anchor, words, narrowed, widened);
}

/// Numbers that the first divisors allow and some of the others do not.
fn proof(local: &mut Local<'_, '_>, way: Way, (with, whole): (&[Number], bool), others: &[Number], range: &Range) -> Proof {
    let implied = |other: &Number| {
        with.iter().any(|one| one.is_multiple_of(*other) == Some(true)) || whole && Number::ONE.is_multiple_of(*other) == Some(true)
    };
    if others.iter().all(implied) {
        return Proof::No;
    }
    let mut candidates: Vec<Number> = range.samples(true);
    candidates.extend(range.samples(false));
    let ends: Vec<Number> = [range.low, range.high].into_iter().flatten().map(|end| end.number).chain([Number::ZERO]).collect();
    for of in with {
        candidates.extend(ends.iter().flat_map(|near| multiples_near(*near, *of)));
    }
    let proof = local.prove(way, candidates.into_iter().map(Number::json));
    if proof == Proof::Yes(None) { Proof::Unsure } else { proof }
}
