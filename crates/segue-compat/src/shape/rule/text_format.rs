//! The format of a text changed.
//!
//! # What it checks
//! `format` of texts: `date-time`, `uuid`, `email` and the like, where formats bind.
//!
//! # Why it breaks
//! Texts of the old format are refused by who checks the new one, and misread by who does not.
//!
//! # Safe path
//! Accept both, or put the new format into a new field.
//!
//! # Example
//! `format: date` to `date-time`: `2024-02-29` is refused now.

use std::collections::BTreeMap;

use segue_model::check::Side;

use crate::rule::Rule;
use crate::shape::format;
use crate::shape::pairs::{Local, Proof, Way, sides};
use crate::shape::view::View;
use crate::shape::{ShapeId, Types};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "format",
    title: "The format of a text changed",
    why: "Texts of the old format are refused by who checks the new one, and misread by who does not.",
    fix: "Accept both, or put the new format into a new field.",
    answers: &["oasdiff:request-property-type-changed", "oasdiff:response-property-type-changed"],
};

/// Compares the formats; two of which one is not known cannot be told apart.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let of = |view: &View<'_>| -> BTreeMap<String, ShapeId> {
        view.texts.iter().filter_map(|(at, texts)| Some((texts.format.as_deref()?.to_owned(), *at))).collect()
    };
    let (a, b) = (of(local.a), of(local.b));
    if a.keys().eq(b.keys()) {
        return;
    }
    let anchor = local.anchor(a.values().next().copied(), b.values().next().copied());
    let show = |all: &BTreeMap<String, ShapeId>| {
        if all.is_empty() { "none".to_owned() } else { all.keys().cloned().collect::<Vec<_>>().join(" and ") }
    };
    let words = (format!("format {} -> {}", show(&a), show(&b)), format!("`format` went from {} to {}", show(&a), show(&b)));
    let lost: Vec<&String> = a.keys().filter(|name| !b.contains_key(*name)).collect();
    let came: Vec<&String> = b.keys().filter(|name| !a.contains_key(*name)).collect();
    if !local.pairs.options.formats_bind
        || lost.iter().chain(&came).all(|name| !format::is_known(name)) && (lost.is_empty() || came.is_empty())
    {
        super::note(local, &RULE, anchor, words);
        return;
    }
    let narrowed = proof(local, Way::Narrowed, &came);
    let widened = proof(local, Way::Widened, &lost);
    local.differ(&RULE, anchor, words, narrowed, widened);
}

fn proof(local: &mut Local<'_, '_>, way: Way, others: &[&String]) -> Proof {
    if others.is_empty() {
        return Proof::No;
    }
    let (side, _) = sides(way);
    let view = if side == Side::Old { local.a } else { local.b };
    let mut candidates = local.pairs.of_kind(side, view, Types::STRING, 8, 0);
    candidates.push("not a value of that format".into());
    let known = others.iter().any(|name| format::is_known(name));
    match local.prove(way, candidates) {
        Proof::Yes(Some(value)) => Proof::Yes(Some(value)),
        Proof::Yes(None) if known && view.texts.iter().all(|(_, texts)| texts.format.is_none()) => Proof::Yes(None),
        _ => Proof::Unsure,
    }
}
