//! What no other keyword speaks of changed.
//!
//! # What it checks
//! `unevaluatedProperties` and `unevaluatedItems` beside `anyOf`, `oneOf`, `if`, `contains` or `dependentSchemas`. Elsewhere they
//! say the same as `additionalProperties` and `items`, and are compared as these.
//!
//! # Why it breaks
//! A property or an item that a member spoke of is left over now, and refused.
//!
//! # Safe path
//! Let the schema stay open until nobody sends what is left over.
//!
//! # Example
//! `oneOf` loses the member that spoke of `iban`, beside `unevaluatedProperties: false`: `{"iban": "x"}` is refused now.

use segue_model::check::Side;

use crate::rule::Rule;
use crate::shape::alike::Asked;
use crate::shape::pairs::{Kind, Local, Part};
use crate::shape::view::View;
use crate::shape::{ShapeId, Types};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "unevaluated",
    title: "What no other keyword speaks of changed",
    why: "A property or an item that a member spoke of is left over now, and refused.",
    fix: "Let the schema stay open until nobody sends what is left over.",
    answers: &[],
};

/// The shape that says so, and what it says of the rest.
type Rest = (ShapeId, ShapeId);

/// Where both sides speak of the same, only what is said of the rest is compared; else values decide.
pub(super) fn check(local: &mut Local<'_, '_>) {
    if local.both(Types::OBJECT) {
        let of = |view: &View<'_>| view.maps.iter().filter_map(|(at, maps)| Some((*at, maps.unevaluated?))).collect::<Vec<Rest>>();
        let (a, b) = (of(local.a), of(local.b));
        rests(local, (&a, &b), ("unevaluatedProperties", Part::Additional));
    }
    if local.both(Types::ARRAY) {
        let of = |view: &View<'_>| view.lists.iter().filter_map(|(at, lists)| Some((*at, lists.unevaluated?))).collect::<Vec<Rest>>();
        let (a, b) = (of(local.a), of(local.b));
        rests(local, (&a, &b), ("unevaluatedItems", Part::Other));
    }
}

fn rests(local: &mut Local<'_, '_>, (a, b): (&[Rest], &[Rest]), (keyword, part): (&str, Part<'static>)) {
    if a.is_empty() && b.is_empty() {
        return;
    }
    let (old, new) = (local.pairs.old.shapes, local.pairs.new.shapes);
    let speaks_alike = |local: &mut Local<'_, '_>, pair| local.pairs.alike.is(old, new, pair, Asked::InPlace);
    if a.len() == b.len() && a.iter().zip(b).all(|(a, b)| speaks_alike(local, (a.0, b.0))) {
        for ((_, old), (_, new)) in a.iter().zip(b) {
            local.edge(&[*old], &[*new], Kind::Plain, part);
        }
        return;
    }
    let anchor = local.anchor(a.first().map(|one| one.1), b.first().map(|one| one.1));
    let words = (keyword.to_owned(), format!("what is left over for `{keyword}` changed"));
    // What is told apart is best asked with values of the members.
    let members = |view: &View<'_>, side| view.groups.iter().flat_map(|group| &group.members).map(|(_, id)| (side, *id)).take(8).collect();
    let inside: [Vec<(Side, ShapeId)>; 2] = [members(local.a, Side::Old), members(local.b, Side::New)];
    let likely = super::likely(local, &inside.concat());
    super::sampled_with(local, &RULE, anchor, words, (true, true), likely);
}
