//! The regular expression of a text changed.
//!
//! # What it checks
//! `pattern`: whether every text that one side takes is taken by the other, by automata; a text shows it when not.
//!
//! # Why it breaks
//! Texts that the new expression does not find are refused.
//!
//! # Safe path
//! Accept both forms for a while, and change who sends the old one.
//!
//! # Example
//! `^[a-z]+$` to `^[a-f]+$`: `g` is refused now.

use std::collections::BTreeMap;

use segue_model::check::Side;

use crate::rule::Rule;
use crate::shape::ShapeId;
use crate::shape::limits;
use crate::shape::pairs::{Local, Proof, Way, sides};
use crate::shape::pattern::Found;
use crate::shape::view::View;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "pattern",
    title: "The regular expression of a text changed",
    why: "Texts that the new expression does not find are refused.",
    fix: "Accept both forms for a while, and change who sends the old one.",
    answers: &[
        "oasdiff:request-property-pattern-added",
        "oasdiff:request-property-pattern-changed",
        "oasdiff:response-property-pattern-changed",
        "oasdiff:response-property-pattern-removed",
    ],
};

/// Compares the expressions within the lengths of each side.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let of = |view: &View<'_>| -> BTreeMap<String, ShapeId> {
        view.texts.iter().flat_map(|(at, texts)| texts.patterns.iter().map(|pattern| (pattern.to_string(), *at))).collect()
    };
    let (a, b) = (of(local.a), of(local.b));
    if a.keys().eq(b.keys()) {
        return;
    }
    let narrowed = proof(local, Way::Narrowed, b.keys().filter(|pattern| !a.contains_key(*pattern)));
    let widened = proof(local, Way::Widened, a.keys().filter(|pattern| !b.contains_key(*pattern)));
    let anchor = local.anchor(a.values().next().copied(), b.values().next().copied());
    let show = |all: &BTreeMap<String, ShapeId>| {
        if all.is_empty() { "none".to_owned() } else { all.keys().map(|pattern| format!("`{pattern}`")).collect::<Vec<_>>().join(" and ") }
    };
    let words = (format!("pattern {} -> {}", show(&a), show(&b)), format!("`pattern` went from {} to {}", show(&a), show(&b)));
    local.differ(&RULE, anchor, words, narrowed, widened);
}

/// A text that one side's expressions find and one of these does not.
fn proof<'p>(local: &mut Local<'_, '_>, way: Way, others: impl Iterator<Item = &'p String>) -> Proof {
    let (side, _) = sides(way);
    let view = if side == Side::Old { local.a } else { local.b };
    let (least, most) = limits::lengths(view);
    let mut answer = Proof::No;
    for other in others {
        match local.pairs.search(view, least, most, Some(other)) {
            Found::Nothing => {}
            Found::GaveUp => answer = Proof::Unsure,
            Found::Text(text) => match local.prove(way, [serde_json::Value::String(text)]) {
                Proof::Yes(Some(value)) => return Proof::Yes(Some(value)),
                _ => answer = Proof::Unsure,
            },
        }
    }
    answer
}
