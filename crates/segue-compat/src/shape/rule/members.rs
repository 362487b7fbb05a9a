//! The allowed values changed.
//!
//! # What it checks
//! `enum` and `const`, with everything else that restricts the same values.
//!
//! # Why it breaks
//! A value that went away is refused; one that came is unknown to who reads it, and falls through their cases.
//!
//! # Safe path
//! Teach readers the new value first; before a value goes, stop sending it. Readers should have a default case.
//!
//! # Example
//! `enum: [red, green]` to `[red]`: `green` is refused now.

use segue_model::check::Side;

use crate::policy::{Relation, Role};
use crate::rule::Rule;
use crate::shape::pairs::{Anchor, Local, Proof, Way, sides};
use crate::shape::view::{Group, View};
use crate::shape::{Literal, Shapes, Types};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "enum",
    title: "The allowed values changed",
    why: "A value that went away is refused; one that came is unknown to who reads it, and falls through their cases.",
    fix: "Teach readers the new value first; before a value goes, stop sending it. Readers should have a default case.",
    answers: &[
        "oasdiff:request-property-enum-value-removed",
        "oasdiff:request-parameter-enum-value-removed",
        "oasdiff:response-property-enum-value-added",
        "oasdiff:request-property-became-enum",
        "oasdiff:response-property-enum-value-removed",
    ],
};

/// How many members are judged one by one.
const JUDGED_MAX: usize = 4_000;

/// `true` when the members say everything.
pub(super) fn check(local: &mut Local<'_, '_>) -> bool {
    let (a, b) = (local.a, local.b);
    if a.members.is_none() && b.members.is_none() {
        return false;
    }
    let anchor = local.anchor(a.members_at, b.members_at);
    side(local, Way::Narrowed, anchor);
    side(local, Way::Widened, anchor);
    true
}

fn side(local: &mut Local<'_, '_>, way: Way, anchor: Anchor) {
    let (from, to) = if way == Way::Narrowed { (local.a, local.b) } else { (local.b, local.a) };
    let shapes = if sides(way).0 == Side::Old { local.pairs.old.shapes } else { local.pairs.new.shapes };
    let (lost, proof) = match from.members.clone().or_else(|| by_union(shapes, from)) {
        Some(members) => listed(local, way, &members, to),
        None => (Vec::new(), unlisted(local, way, from, to)),
    };
    let shown: Vec<String> = lost.iter().take(3).map(|member| short(member)).collect();
    let more = if lost.len() > 3 { format!(" and {} more", lost.len() - 3) } else { String::new() };
    let list = format!("{}{more}", shown.join(", "));
    let all = || lost.iter().take(50).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let (change, message) = match (way, lost.is_empty()) {
        (Way::Narrowed, false) => (format!("enum - {}", all()), format!("the allowed values lost {list}: refused now")),
        (Way::Widened, false) => (format!("enum + {}", all()), format!("the allowed values gained {list}: accepted now")),
        (Way::Narrowed, true) => ("enum added".to_owned(), "only listed values are allowed now: others are refused".to_owned()),
        (Way::Widened, true) => ("enum removed".to_owned(), "other values than the listed ones are accepted now".to_owned()),
    };
    let count = local.diffs.len();
    match way {
        Way::Narrowed => local.differ(&RULE, anchor, (change, message), proof, Proof::No),
        Way::Widened => local.differ(&RULE, anchor, (change, message), Proof::No, proof),
    }
    let response = local.role == Role::Response;
    if let Some(diff) = local.diffs.get_mut(count) {
        diff.tolerated = response && way == Way::Widened && diff.relation == Relation::Widened && !lost.is_empty();
    }
}

/// The values of a union of which every member lists its own.
fn by_union<'l>(shapes: &'l Shapes, view: &View<'_>) -> Option<Vec<&'l Literal>> {
    let listing = |group: &&Group| group.members.iter().all(|(_, id)| shapes.get(shapes.resolve(*id)).members.is_some());
    let group = view.groups.iter().find(listing)?;
    let lists = group.members.iter().filter_map(|(_, id)| shapes.get(shapes.resolve(*id)).members.as_deref());
    let mut all: Vec<&Literal> = lists.flatten().collect();
    all.sort();
    all.dedup();
    Some(all)
}

/// A value in a message; long ones are cut.
fn short(member: &Literal) -> String {
    let text = member.to_string();
    if text.chars().count() > 40 { format!("{}…", text.chars().take(39).collect::<String>()) } else { text }
}

/// Which of the listed values the other side refuses.
fn listed<'l>(local: &Local<'_, '_>, way: Way, members: &[&'l Literal], to: &View<'_>) -> (Vec<&'l Literal>, Proof) {
    let (takes, refuses) = sides(way);
    let conj = |side| if side == Side::Old { local.ids.0 } else { local.ids.1 };
    let (mut lost, mut unsure, mut judged) = (Vec::new(), false, 0);
    for member in members {
        let other = to.members.as_ref().map(|others| others.binary_search(member).is_ok());
        if judged >= JUDGED_MAX {
            // Beyond that only the lists count, which is certain where nothing else restricts the values.
            match other {
                Some(false) => lost.push(*member),
                Some(true) if plain(local.a) && plain(local.b) => {}
                _ => unsure = true,
            }
            continue;
        }
        judged += 1;
        let value = member.json();
        let taken = local.pairs.fits(takes, conj(takes), &value);
        let refused = if other == Some(false) { Some(false) } else { local.pairs.fits(refuses, conj(refuses), &value) };
        match (taken, refused) {
            (Some(true), Some(false)) => lost.push(*member),
            (Some(false), _) | (_, Some(true)) => {}
            _ => unsure = true,
        }
    }
    let proof = match lost.first() {
        Some(first) => Proof::Yes(Some(first.json())),
        None if unsure => Proof::Unsure,
        None => Proof::No,
    };
    (lost, proof)
}

/// Nothing but members and types.
fn plain(view: &View<'_>) -> bool {
    view.numbers.is_empty()
        && view.number_formats.is_empty()
        && view.texts.is_empty()
        && view.lists.is_empty()
        && view.maps.is_empty()
        && view.groups.is_empty()
        && view.nots.is_empty()
        && view.conditions.is_empty()
        && view.unread.is_empty()
}

/// A value of a side that lists none, which the other side's list does not have.
fn unlisted(local: &mut Local<'_, '_>, way: Way, from: &View<'_>, to: &View<'_>) -> Proof {
    let (takes, _) = sides(way);
    let conj = if takes == Side::Old { local.ids.0 } else { local.ids.1 };
    let mut candidates = local.pairs.samples(takes, conj, 24, 0);
    candidates.extend(["other", "something else", "x"].iter().map(|text| (*text).into()));
    candidates.extend([3, 17, 1_000_003].iter().map(|number| (*number).into()));
    let proof = local.prove(way, candidates);
    // Of true, false and null a list can have all.
    let few = Types::NULL.or(Types::BOOLEAN).has(from.types);
    if few && to.members.is_some() && !matches!(proof, Proof::Yes(Some(_))) {
        return if from.groups.is_empty()
            && from.nots.is_empty()
            && from.conditions.is_empty()
            && from.unread.is_empty()
            && to.unread.is_empty()
        {
            Proof::No
        } else {
            Proof::Unsure
        };
    }
    if from.types == Types::NONE { Proof::No } else { proof }
}
