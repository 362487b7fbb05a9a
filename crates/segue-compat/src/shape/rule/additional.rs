//! Whether undeclared properties are accepted changed.
//!
//! # What it checks
//! `additionalProperties` as true, false or a schema.
//!
//! # Why it breaks
//! Maps with further properties are refused now, or reach a reader who took the list for complete.
//!
//! # Safe path
//! Keep maps open; if one must be closed, find out first which further properties are sent.
//!
//! # Example
//! `additionalProperties: false` added: `{"extra": true}` is refused now.

use segue_model::check::Side;

use super::{is_anything, misfit};
use crate::rule::Rule;
use crate::shape::Types;
use crate::shape::make::fresh_name;
use crate::shape::pairs::{Kind, Local, Part, Way, sides};
use crate::shape::view::View;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "additional-properties",
    title: "Whether undeclared properties are accepted changed",
    why: "Maps with further properties are refused now, or reach a reader who took the list for complete.",
    fix: "Keep maps open; if one must be closed, find out first which further properties are sent.",
    answers: &["oasdiff:request-body-additional-properties-removed", "oasdiff:response-property-additional-properties-added"],
};

/// Compares what is not declared.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let of = |view: &View<'_>| view.maps.iter().filter_map(|(_, maps)| maps.additional).collect::<Vec<_>>();
    let (a, b) = (of(local.a), of(local.b));
    if a.is_empty() && b.is_empty() {
        return;
    }
    let (old, new) = (local.pairs.old.all(&a), local.pairs.new.all(&b));
    let state = (state(local, Side::Old, old, &a), state(local, Side::New, new, &b));
    match state {
        (State::Open, State::Open) | (State::Closed, State::Closed) => return,
        (State::Schema, State::Schema) => {
            local.edge(&a, &b, Kind::Plain, Part::Additional);
            return;
        }
        _ => {}
    }
    let anchor = local.anchor(a.first().copied(), b.first().copied());
    let words = (
        format!("additionalProperties {} -> {}", state.0.name(), state.1.name()),
        format!("properties that are not declared were {} and are {} now", state.0.said(), state.1.said()),
    );
    let narrows = state.1 > state.0;
    let way = if narrows { Way::Narrowed } else { Way::Widened };
    let (takes, refuses) = sides(way);
    let (view, conj) = if takes == Side::Old { (local.a, new) } else { (local.b, old) };
    let name = fresh_name(local.a, Some(local.b));
    let mut values = misfit(local, refuses, conj);
    let from = if takes == Side::Old { old } else { new };
    values.extend(local.pairs.samples(takes, from, 4, 1));
    let candidates: Vec<_> = values.iter().filter_map(|value| local.pairs.map_with(takes, view, &name, value)).collect();
    let count = local.diffs.len();
    local.claim(&RULE, way, anchor, words, candidates);
    let explicit = !a.is_empty() && !b.is_empty() && state.0 != State::Closed && state.1 != State::Closed;
    let closed_world = local.pairs.options.closed_world;
    if let Some(diff) = local.diffs.get_mut(count) {
        diff.tolerated = closed_world && !explicit;
    }
}

/// How free undeclared properties are, the freest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    Open,
    Schema,
    Closed,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Schema => "schema",
            Self::Closed => "closed",
        }
    }

    fn said(self) -> &'static str {
        match self {
            Self::Open => "accepted",
            Self::Schema => "accepted by a schema",
            Self::Closed => "refused",
        }
    }
}

/// What a side does with undeclared properties.
pub(super) fn state(local: &mut Local<'_, '_>, side: Side, conj: crate::shape::view::ConjId, ids: &[crate::shape::ShapeId]) -> State {
    if ids.is_empty() || is_anything(local, side, conj) {
        return State::Open;
    }
    if local.pairs.arena(side).view(conj).types == Types::NONE { State::Closed } else { State::Schema }
}
