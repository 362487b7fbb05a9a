//! Properties by pattern changed.
//!
//! # What it checks
//! `patternProperties` that only one side has; those of both are compared by their shapes.
//!
//! # Why it breaks
//! Properties with such names must fit another shape now.
//!
//! # Safe path
//! Accept both shapes for a while.
//!
//! # Example
//! `patternProperties: {^x-: {type: string}}` added: `{x-a: 1}` is refused now.

use std::collections::BTreeSet;

use segue_model::check::Side;

use super::misfit;
use crate::rule::Rule;
use crate::shape::pairs::{Kind, Local, Part, Proof, Way, sides};
use crate::shape::pattern::Found;
use crate::shape::view::View;
use crate::shape::{ShapeId, Types};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "pattern-properties",
    title: "Properties by pattern changed",
    why: "Properties with such names must fit another shape now.",
    fix: "Accept both shapes for a while.",
    answers: &[],
};

/// Compares patterns by their text.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let (a, b) = (of(local.a), of(local.b));
    for old in a.chunk_by(same) {
        let new = with(&b, old);
        if !new.is_empty() {
            local.edge(&ids(old), &ids(new), Kind::Plain, Part::Other);
        }
    }
    if local.pairs.looked_past && !a.iter().map(|(name, _)| name).eq(b.iter().map(|(name, _)| name)) {
        let words = "names of properties were not held against all expressions: there are too many of both";
        let anchor = local.anchor(None, None);
        local.undecided(&RULE, anchor, "patternProperties not compared".to_owned(), words.to_owned());
    }
    let declared = declared(local);
    for (way, from, to) in [(Way::Narrowed, &b, &a), (Way::Widened, &a, &b)] {
        for one in from.chunk_by(same).filter(|one| with(to, one).is_empty()) {
            if let Some((pattern, _)) = one.first() {
                one_side(local, way, pattern, &ids(one), &declared);
            }
        }
    }
}

/// An expression, and one of the shapes that go with it.
type Named<'a> = (&'a str, ShapeId);

/// All of them, sorted by the text of the expression.
fn of<'a>(view: &View<'a>) -> Vec<Named<'a>> {
    let mut all: Vec<Named<'a>> = view.maps.iter().flat_map(|(_, maps)| &maps.patterns).map(|(name, id)| (name.as_ref(), *id)).collect();
    all.sort_by_key(|(name, _)| *name);
    all
}

fn same(a: &Named<'_>, b: &Named<'_>) -> bool {
    a.0 == b.0
}

/// Those with the same expression as these.
fn with<'x, 'a>(all: &'x [Named<'a>], these: &[Named<'_>]) -> &'x [Named<'a>] {
    let Some((name, _)) = these.first() else { return &[] };
    let begin = all.partition_point(|(known, _)| known < name);
    let end = all.partition_point(|(known, _)| known <= name);
    all.get(begin..end).unwrap_or_default()
}

fn ids(all: &[Named<'_>]) -> Vec<ShapeId> {
    all.iter().map(|(_, id)| *id).collect()
}

/// A property of such a name, with a value that does not fit; the names themselves may also have been free or forbidden.
fn one_side(local: &mut Local<'_, '_>, way: Way, pattern: &str, ids: &[ShapeId], declared: &str) {
    let (takes, refuses) = sides(way);
    let conj = local.pairs.arena(refuses).all(ids);
    let name = local.pairs.patterns.get(pattern).map(|pattern| {
        // A name that is declared is compared as a property.
        let without = if declared.is_empty() { None } else { local.pairs.patterns.get(declared) };
        crate::shape::pattern::find_text(&crate::shape::pattern::Want { with: vec![pattern], without, length_min: 1, length_max: Some(60) })
    });
    if name == Some(Found::Nothing) {
        return;
    }
    let anchor = local.anchor(
        (refuses == Side::Old).then(|| ids.first().copied()).flatten(),
        (refuses == Side::New).then(|| ids.first().copied()).flatten(),
    );
    let words = match way {
        Way::Narrowed => {
            (format!("patternProperties + {pattern}"), format!("properties named like `{pattern}` must fit a schema of their own now"))
        }
        Way::Widened => {
            (format!("patternProperties - {pattern}"), format!("properties named like `{pattern}` have no schema of their own any more"))
        }
    };
    let mut shown = (Proof::Unsure, Proof::Unsure);
    if let Some(Found::Text(name)) = name {
        let view = if takes == Side::Old { local.a } else { local.b };
        let back = if takes == Side::Old { local.b } else { local.a };
        let misfits = misfit(local, refuses, conj);
        let candidates: Vec<_> = misfits.iter().filter_map(|value| local.pairs.map_with(takes, view, &name, value)).collect();
        // A side that takes no undeclared property refused all such names before.
        shown.0 = if refuses_others(local, takes) { Proof::No } else { certain(local.prove(way, candidates)) };
        let example = local.pairs.example(refuses, conj, 1);
        let other: Vec<_> = example.iter().filter_map(|value| local.pairs.map_with(refuses, back, &name, value)).collect();
        let opposite = if way == Way::Narrowed { Way::Widened } else { Way::Narrowed };
        let closed = view.maps.iter().any(|(_, maps)| maps.additional.is_some());
        shown.1 = if closed { certain(local.prove(opposite, other)) } else { Proof::No };
    }
    let (narrowed, widened) = if way == Way::Narrowed { shown } else { (shown.1, shown.0) };
    local.differ(&RULE, anchor, words, narrowed, widened);
}

/// An expression that finds the names declared on either side, and no other; empty where there are none.
fn declared(local: &Local<'_, '_>) -> String {
    let names: BTreeSet<&str> =
        local.a.maps.iter().chain(&local.b.maps).flat_map(|(_, maps)| &maps.properties).map(|(name, _)| name.as_ref()).collect();
    if names.is_empty() || names.len() > DECLARED_MAX {
        return String::new();
    }
    let each: Vec<String> = names.into_iter().map(escaped).collect();
    format!("^(?:{})$", each.join("|"))
}

fn escaped(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_punctuation() && c != '_' {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Nothing but declared properties is taken, and no other pattern may take such a name.
fn refuses_others(local: &mut Local<'_, '_>, side: Side) -> bool {
    let view = if side == Side::Old { local.a } else { local.b };
    view.maps
        .iter()
        .any(|(_, maps)| maps.patterns.is_empty() && maps.additional.is_some_and(|id| local.pairs.arena(side).types_of(id) == Types::NONE))
}

/// More declared names than these are not left out one by one.
const DECLARED_MAX: usize = 200;

fn certain(proof: Proof) -> Proof {
    if proof == Proof::Yes(None) { Proof::Unsure } else { proof }
}
