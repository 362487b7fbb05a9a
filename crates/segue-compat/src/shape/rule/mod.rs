//! The rules of value shapes, one keyword a file.
//!
//! A rule looks at two conjunctions (`Local`) and tells what differs in its keyword: by a proof that is a value where one can be
//! made. It must never tell of parts; those are pairs of their own. Tests: `tests/cases/shape/`, one case a rule at least.

pub mod additional;
pub mod all_of;
pub mod any_of;
pub mod condition;
pub mod contains;
pub mod content;
pub mod count;
mod counts;
pub mod default_value;
pub mod dependent;
pub mod deprecated;
pub mod discriminator;
pub mod encoding;
mod ends;
pub mod items;
pub mod kinds;
pub mod length;
mod maps;
pub mod maximum;
pub mod members;
pub mod minimum;
pub mod multiple_of;
pub mod not;
mod notes;
pub mod nullable;
pub mod nullable_unsure;
pub mod number_format;
pub mod one_of;
pub mod pattern;
pub mod pattern_properties;
mod presence;
pub mod property_added;
pub mod property_count;
pub mod property_names;
pub mod property_removed;
pub mod property_renamed;
pub mod read_only;
pub mod required;
pub mod text_format;
pub mod unevaluated;
pub mod unique;
pub mod unread;
pub mod write_only;

use segue_model::check::Side;
use serde_json::{Value, json};

use super::limits::Range;
use super::pairs::{Anchor, Deferred, Edge, Kind, Local, LocalDiff, Part, Proof, Way};
use super::union::{self, Next};
use super::view::ConjId;
use super::{ShapeId, Types};
use crate::policy::Relation;
use crate::rule::Rule;

/// Every rule of shapes.
pub static RULES: &[&Rule] = &[
    &additional::RULE,
    &all_of::RULE,
    &any_of::RULE,
    &condition::RULE,
    &contains::RULE,
    &content::RULE,
    &count::RULE,
    &default_value::RULE,
    &dependent::RULE,
    &deprecated::RULE,
    &discriminator::RULE,
    &encoding::RULE,
    &items::RULE,
    &kinds::RULE,
    &length::RULE,
    &maximum::RULE,
    &members::RULE,
    &minimum::RULE,
    &multiple_of::RULE,
    &not::RULE,
    &nullable::RULE,
    &nullable_unsure::RULE,
    &number_format::RULE,
    &one_of::RULE,
    &pattern::RULE,
    &pattern_properties::RULE,
    &property_added::RULE,
    &property_count::RULE,
    &property_names::RULE,
    &property_removed::RULE,
    &property_renamed::RULE,
    &read_only::RULE,
    &required::RULE,
    &text_format::RULE,
    &unevaluated::RULE,
    &unique::RULE,
    &unread::RULE,
    &write_only::RULE,
];

/// All rules on one pair.
pub(super) fn compare(local: &mut Local<'_, '_>) {
    all_of::check(local);
    notes::check(local);
    if encoding::check(local) {
        return;
    }
    nullable_unsure::check(local);
    if unread::check(local) {
        return;
    }
    if local.a.types == Types::NONE && local.b.types == Types::NONE {
        return;
    }
    if members::check(local) || union::compare(local) == Next::Nothing {
        discriminator::check(local);
        return;
    }
    kinds::check(local);
    nullable::check(local);
    if local.both(Types::NUMBER) {
        numbers(local);
    }
    if local.both(Types::STRING) {
        length::check(local);
        pattern::check(local);
        text_format::check(local);
    }
    if local.both(Types::ARRAY) {
        count::check(local);
        unique::check(local);
        items::check(local);
        contains::check(local);
    }
    if local.both(Types::OBJECT) {
        maps::check(local);
    }
    unevaluated::check(local);
    not::check(local);
    condition::check(local);
    discriminator::check(local);
}

fn numbers(local: &mut Local<'_, '_>) {
    let options = local.pairs.options;
    let (old, new) = (Range::of(local.a, options), Range::of(local.b, options));
    minimum::check(local, &old, &new);
    maximum::check(local, &old, &new);
    multiple_of::check(local, &old, &new);
    number_format::check(local);
}

/// Something that changes no set of values.
fn note(local: &mut Local<'_, '_>, rule: &'static Rule, anchor: Anchor, (change, message): (String, String)) {
    local.diffs.push(LocalDiff {
        rule,
        relation: Relation::Equal,
        tolerated: false,
        additive: false,
        note: true,
        anchor,
        tail: None,
        change,
        message,
        witness: None,
        second: None,
    });
}

/// A part that does not simply count: asked when its answer is there.
fn opaque(
    local: &mut Local<'_, '_>,
    rule: &'static Rule,
    anchor: Anchor,
    (old, new): (&[ShapeId], &[ShapeId]),
    (opposite, part): (bool, Part<'static>),
    words: (String, String),
) {
    let pair = (local.pairs.old.all(old), local.pairs.new.all(new));
    opaque_pair(local, rule, anchor, pair, (opposite, part), words);
}

fn opaque_pair(
    local: &mut Local<'_, '_>,
    rule: &'static Rule,
    anchor: Anchor,
    (a, b): (ConjId, ConjId),
    (opposite, part): (bool, Part<'static>),
    words: (String, String),
) {
    let child = local.pairs.node(a, b, local.role);
    local.edges.push(Edge { to: child, kind: Kind::Silent, part: Part::Other, masked: 0 });
    local.deferred.push(Deferred::Opaque { rule, anchor, child, opposite, part, words });
}

/// Where only samples can tell: the ways that are possible, undecided when they show nothing.
fn sampled(local: &mut Local<'_, '_>, rule: &'static Rule, anchor: Anchor, words: (String, String), possible: (bool, bool)) {
    sampled_with(local, rule, anchor, words, possible, Vec::new());
}

/// Values that fit these shapes, alone and together with what the whole wants.
fn likely(local: &mut Local<'_, '_>, inside: &[(Side, ShapeId)]) -> Vec<Value> {
    let whole: Vec<Value> = [(Side::Old, local.ids.0), (Side::New, local.ids.1)]
        .into_iter()
        .flat_map(|(side, conj)| local.pairs.samples(side, conj, 2, 0))
        .filter(Value::is_object)
        .collect();
    let mut values = Vec::new();
    for (side, id) in inside.iter().take(16) {
        let conj = local.pairs.arena(*side).one(*id);
        for value in local.pairs.samples(*side, conj, 8, 0) {
            if let Value::Object(entries) = &value {
                values.extend(whole.iter().map(|whole| {
                    let mut both = whole.clone();
                    if let Value::Object(all) = &mut both {
                        all.extend(entries.clone());
                    }
                    both
                }));
            }
            values.push(value);
        }
    }
    values
}

/// The same with values that are likely to show it.
fn sampled_with(
    local: &mut Local<'_, '_>,
    rule: &'static Rule,
    anchor: Anchor,
    words: (String, String),
    possible: (bool, bool),
    mut values: Vec<Value>,
) {
    values.extend(local.pairs.samples(Side::Old, local.ids.0, 16, 0));
    values.extend(local.pairs.samples(Side::New, local.ids.1, 16, 0));
    values.extend(plain_values());
    let certain = |proof: Proof| if proof == Proof::Yes(None) { Proof::Unsure } else { proof };
    let narrowed = if possible.0 { certain(local.prove(Way::Narrowed, values.clone())) } else { Proof::No };
    let widened = if possible.1 { certain(local.prove(Way::Widened, values)) } else { Proof::No };
    local.differ(rule, anchor, words, narrowed, widened);
}

/// A value of every kind.
pub(super) fn plain_values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(7),
        json!(0.5),
        json!(""),
        json!("a"),
        json!("not a value of that format"),
        json!([]),
        json!([0]),
        json!([0, 0]),
        json!({}),
        json!({"extra": 0}),
    ]
}

/// Values that a side refuses.
fn misfit(local: &mut Local<'_, '_>, side: Side, conj: ConjId) -> Vec<Value> {
    plain_values().into_iter().filter(|value| local.pairs.fits(side, conj, value) == Some(false)).collect()
}

/// A conjunction that says nothing.
fn is_anything(local: &mut Local<'_, '_>, side: Side, conj: ConjId) -> bool {
    let view = local.pairs.arena(side).view(conj);
    view.types == Types::ANY
        && view.members.is_none()
        && view.numbers.is_empty()
        && view.number_formats.is_empty()
        && view.texts.is_empty()
        && view.lists.is_empty()
        && view.maps.is_empty()
        && view.groups.is_empty()
        && view.nots.is_empty()
        && view.conditions.is_empty()
        && view.encodings.is_empty()
        && view.unread.is_empty()
        && !view.cut
}
