//! `anyOf` and `oneOf`: members of both sides are matched, and what has no match is proved or called undecided.
//!
//! Members are matched by the name they refer to, then title, then the constant that tells them apart, then their form. Where
//! only one side has a union, or the types decide, the pair is split: by types first, then by members. A member's difference
//! that another member makes up for is never reported as certain. Tests: `tests/it/shape/`, `tests/cases/shape/`.

use std::collections::BTreeSet;

use segue_model::check::Side;
use serde_json::Value;

use super::known::matched;
use super::limits::Range;
use super::make::item_ids;
use super::pairs::{Anchor, Deferred, Edge, Kind, Local, LocalDiff, Pairs, Part, Proof, Way, bits, diff_of, sides};
use super::rule::{any_of, one_of, plain_values};
use super::view::{ConjId, Group};
use super::{ShapeId, Shapes, Types};
use crate::policy::Role;
use crate::rule::Rule;

/// The most members of one union that are compared with each other.
const MEMBERS_MAX: usize = 400;
/// Among so many members a value that none of the others takes is made.
const COVERED_MAX: usize = 32;
/// How many members may be chosen on the way down.
const CHOICES_MAX: usize = 5;

/// What a type split looks at together.
const CLASSES: [Types; 6] = [Types::NULL, Types::BOOLEAN, Types::NUMBER, Types::STRING, Types::ARRAY, Types::OBJECT];

/// One alternative of a side.
#[derive(Debug, Clone)]
pub(super) struct Alternative {
    conj: ConjId,
    anchor: Anchor,
    label: String,
    /// Pairs with every alternative of the other side, where it has no match.
    against: Vec<u32>,
}

/// Two unions.
#[derive(Debug, Clone)]
pub(super) struct Union {
    rule: &'static Rule,
    anchor: Anchor,
    exclusive: (bool, bool),
    /// The discriminator tells the members apart.
    told_apart: bool,
    /// Edges of matched members, by their index in the node.
    matched: Vec<usize>,
    lost: Vec<Alternative>,
    gained: Vec<Alternative>,
    /// All alternatives, for exclusivity.
    all: (Vec<ConjId>, Vec<ConjId>),
}

/// What is left to do for a pair.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The other keywords.
    Keywords,
    /// Nothing: other pairs say everything.
    Nothing,
}

/// Compares the unions of a pair.
pub(super) fn compare(local: &mut Local<'_, '_>) -> Next {
    let (a, b) = (local.a, local.b);
    if a.groups.is_empty() && b.groups.is_empty() {
        return Next::Keywords;
    }
    if let Some(matches) = directly(local) {
        for (index, pairs) in matches.into_iter().enumerate() {
            direct(local, index, &pairs);
        }
        return Next::Keywords;
    }
    let types = a.types.or(b.types);
    let classes: Vec<Types> = CLASSES.into_iter().filter(|class| types.meets(*class)).collect();
    if classes.len() > 1 {
        for class in classes {
            let (old, new) = (a.types.and(class), b.types.and(class));
            let (a, b) = (local.pairs.old.masked(local.ids.0, old), local.pairs.new.masked(local.ids.1, new));
            let to = local.pairs.node(a, b, local.role);
            local.edges.push(Edge { to, kind: Kind::Plain, part: Part::Same, masked: 0 });
        }
        return Next::Nothing;
    }
    distribute(local);
    Next::Nothing
}

/// Every group has a counterpart in which every member has one.
fn directly(local: &mut Local<'_, '_>) -> Option<Vec<Vec<(ShapeId, ShapeId)>>> {
    let (a, b) = (local.a, local.b);
    if a.groups.len() != b.groups.len() {
        return None;
    }
    let mut all = Vec::new();
    for (a, b) in a.groups.iter().zip(&b.groups) {
        if a.exclusive != b.exclusive || a.members.len() != b.members.len() {
            return None;
        }
        let pairs = matched(local.pairs, a, b);
        if pairs.len() != a.members.len() {
            return None;
        }
        all.push(pairs.into_iter().filter_map(|(i, j)| Some((a.members.get(i)?.1, b.members.get(j)?.1))).collect());
    }
    Some(all)
}

fn direct(local: &mut Local<'_, '_>, index: usize, pairs: &[(ShapeId, ShapeId)]) {
    let (Some(a), Some(b)) = (local.a.groups.get(index), local.b.groups.get(index)) else { return };
    let before = local.edges.len();
    let mut all = (Vec::new(), Vec::new());
    for (old, new) in pairs {
        local.edge(&[*old], &[*new], Kind::Member, Part::Same);
        all.0.push(local.pairs.old.one(*old));
        all.1.push(local.pairs.new.one(*new));
    }
    if local.edges.len() == before {
        return;
    }
    let anchor = local.anchor(Some(a.owner), Some(b.owner));
    let union = Union {
        rule: rule_of(b.exclusive),
        anchor,
        exclusive: (a.exclusive, b.exclusive),
        told_apart: has_discriminator(local.pairs.old.shapes, a.owner) && has_discriminator(local.pairs.new.shapes, b.owner),
        matched: (before..local.edges.len()).collect(),
        lost: Vec::new(),
        gained: Vec::new(),
        all,
    };
    local.deferred.push(Deferred::Union(Box::new(union)));
}

fn rule_of(exclusive: bool) -> &'static Rule {
    if exclusive { &one_of::RULE } else { &any_of::RULE }
}

fn has_discriminator(shapes: &Shapes, owner: ShapeId) -> bool {
    shapes.get(owner).combined.as_ref().is_some_and(|combined| combined.discriminator.is_some())
}

/// One group of each side as alternatives of the whole; a side without one is its only alternative.
fn distribute(local: &mut Local<'_, '_>) {
    let (left, right) = (local.a.groups.first().cloned(), local.b.groups.first().cloned());
    let anchor = local.anchor(left.as_ref().map(|group| group.owner), right.as_ref().map(|group| group.owner));
    let exclusive = (left.as_ref().is_some_and(|group| group.exclusive), right.as_ref().is_some_and(|group| group.exclusive));
    let rule = rule_of(right.as_ref().or(left.as_ref()).is_some_and(|group| group.exclusive));
    let size = |group: &Option<Group>| group.as_ref().map_or(1, |group| group.members.len());
    let deep = local.pairs.old.key(local.ids.0).chosen.len().max(local.pairs.new.key(local.ids.1).chosen.len()) >= CHOICES_MAX;
    if deep || size(&left) > MEMBERS_MAX || size(&right) > MEMBERS_MAX {
        let name = if exclusive.0 || exclusive.1 { "oneOf" } else { "anyOf" };
        local.undecided(
            rule,
            anchor,
            format!("{name} not compared"),
            format!("`{name}` differs and has too many combinations to be compared"),
        );
        return;
    }
    let (old, new) = (local.pairs.old.shapes, local.pairs.new.shapes);
    let alternatives_a = alternatives(local, Side::Old, left.as_ref());
    let alternatives_b = alternatives(local, Side::New, right.as_ref());
    let pairs = match (&left, &right) {
        (Some(a), Some(b)) => matched(local.pairs, a, b),
        _ => Vec::new(),
    };
    let mut union = Union {
        rule,
        anchor,
        exclusive,
        told_apart: [(&left, old), (&right, new)]
            .iter()
            .all(|(group, shapes)| group.as_ref().is_none_or(|group| has_discriminator(shapes, group.owner))),
        matched: Vec::new(),
        lost: Vec::new(),
        gained: Vec::new(),
        all: (alternatives_a.iter().map(|one| one.conj).collect(), alternatives_b.iter().map(|one| one.conj).collect()),
    };
    for (i, j) in &pairs {
        let (Some(a), Some(b)) = (alternatives_a.get(*i), alternatives_b.get(*j)) else { continue };
        let to = local.pairs.node(a.conj, b.conj, local.role);
        union.matched.push(local.edges.len());
        local.edges.push(Edge { to, kind: Kind::Member, part: Part::Same, masked: 0 });
    }
    for (index, mut lost) in alternatives_a.iter().cloned().enumerate() {
        if !pairs.iter().any(|(i, _)| *i == index) {
            lost.against = against(local, &alternatives_b, |other| (lost.conj, other));
            union.lost.push(lost);
        }
    }
    for (index, mut gained) in alternatives_b.iter().cloned().enumerate() {
        if !pairs.iter().any(|(_, j)| *j == index) {
            gained.against = against(local, &alternatives_a, |other| (other, gained.conj));
            union.gained.push(gained);
        }
    }
    local.deferred.push(Deferred::Union(Box::new(union)));
}

/// Silent pairs with the other side's alternatives.
fn against(local: &mut Local<'_, '_>, others: &[Alternative], pair: impl Fn(ConjId) -> (ConjId, ConjId)) -> Vec<u32> {
    let mut nodes = Vec::new();
    for other in others.iter().take(16) {
        let (a, b) = pair(other.conj);
        let to = local.pairs.node(a, b, local.role);
        nodes.push(to);
        local.edges.push(Edge { to, kind: Kind::Silent, part: Part::Other, masked: 0 });
    }
    nodes
}

fn alternatives(local: &mut Local<'_, '_>, side: Side, group: Option<&Group>) -> Vec<Alternative> {
    let conj = if side == Side::Old { local.ids.0 } else { local.ids.1 };
    let Some(group) = group else {
        let view = if side == Side::Old { local.a } else { local.b };
        let shape = view.parts.first().copied().unwrap_or(ShapeId(0));
        return vec![Alternative { conj, anchor: Anchor { side, shape }, label: "the other side".to_owned(), against: Vec::new() }];
    };
    let mut all = Vec::new();
    for (index, member) in &group.members {
        let arena = local.pairs.arena(side);
        let chosen = arena.chosen(conj, (group.owner, group.exclusive, *index));
        let label = arena.known(*member).label().map_or_else(|| format!("{index}"), ToString::to_string);
        all.push(Alternative { conj: chosen, anchor: Anchor { side, shape: *member }, label, against: Vec::new() });
    }
    all
}

impl Pairs<'_> {
    /// Answers what became of a union, with what its parts say by now.
    pub(super) fn ask_union(&mut self, id: u32, union: &Union, late: &mut Vec<LocalDiff>) {
        let Some(node) = self.nodes.get(id as usize) else { return };
        let (whole, role, begin) = ((node.a, node.b), node.role, node.edges.0 as usize);
        let mut changed = !union.lost.is_empty() || !union.gained.is_empty() || union.exclusive.0 != union.exclusive.1;
        let mut masked = false;
        for index in &union.matched {
            let Some(to) = self.edges.get(begin + index).map(|edge| edge.to) else { continue };
            let known = self.bits(to);
            changed |= known & !bits::LIVE != 0;
            let mut taken = 0;
            for (way, bit) in [(Way::Narrowed, bits::NARROW), (Way::Widened, bits::WIDEN)] {
                if known & bit != 0
                    && self.is_masked(to, whole, way)
                    && !self.uncovered(to, whole, way, union)
                    && self.sampled(id, way, true) == Proof::Unsure
                {
                    taken |= bit;
                    masked = true;
                }
            }
            if let Some(edge) = self.edges.get_mut(begin + index) {
                edge.masked = taken;
            }
        }
        if masked {
            let words = ("member covered".to_owned(), "a member changed, and another member may take what it refuses now".to_owned());
            late.extend(diff_of(union.rule, role, union.anchor, words, Proof::Unsure, Proof::Unsure));
        }
        for (way, lost) in [(Way::Narrowed, &union.lost), (Way::Widened, &union.gained)] {
            for one in lost {
                self.ask_alternative((union, way), whole, one, role, late);
            }
        }
        if changed {
            self.ask_exclusive(id, union, role, late);
        }
    }

    /// The value that shows the member's difference shows none of the whole.
    fn is_masked(&mut self, member: u32, whole: (ConjId, ConjId), way: Way) -> bool {
        let Some(value) = self.lifted(member, way) else { return false };
        let (takes, refuses) = sides(way);
        let of = |side| if side == Side::Old { whole.0 } else { whole.1 };
        self.fits(refuses, of(refuses), &value) == Some(true) || self.fits(takes, of(takes), &value) == Some(false)
    }

    /// A value that shows the member's difference, with properties added by which the other members refuse it, shows the whole's.
    fn uncovered(&mut self, member: u32, whole: (ConjId, ConjId), way: Way, union: &Union) -> bool {
        let (takes, refuses) = sides(way);
        let (taken, refused) = if takes == Side::Old { whole } else { (whole.1, whole.0) };
        let others = if refuses == Side::Old { &union.all.0 } else { &union.all.1 };
        let Some(mut value) = self.lifted(member, way).filter(|value| value.is_object() && others.len() <= COVERED_MAX) else {
            return false;
        };
        for _ in 0..=others.len() {
            let fitting = others.iter().copied().find(|other| self.fits(refuses, *other, &value) == Some(true));
            let Some(other) = fitting else {
                return self.fits(takes, taken, &value) == Some(true) && self.fits(refuses, refused, &value) == Some(false);
            };
            match self.refused_by(refuses, other, (takes, taken), &value) {
                Some(more) => value = more,
                None => return false,
            }
        }
        false
    }

    /// The value with one property more that a member refuses and the other side still takes.
    fn refused_by(&mut self, side: Side, member: ConjId, (takes, whole): (Side, ConjId), value: &Value) -> Option<Value> {
        let view = self.arena(side).view(member);
        let names = view.maps.iter().flat_map(|(_, maps)| &maps.properties).map(|(name, _)| name.as_ref());
        for name in names.filter(|name| value.get(name).is_none()).take(16) {
            let ids = self.property_ids(side, &view, name);
            let conj = self.arena(side).all(&ids);
            for wrong in plain_values().into_iter().filter(|wrong| self.fits(side, conj, wrong) == Some(false)) {
                let mut more = value.clone();
                more.as_object_mut()?.insert(name.to_owned(), wrong);
                if self.fits(takes, whole, &more) == Some(true) {
                    return Some(more);
                }
            }
        }
        None
    }

    fn ask_alternative(
        &mut self,
        (union, way): (&Union, Way),
        whole: (ConjId, ConjId),
        one: &Alternative,
        role: Role,
        late: &mut Vec<LocalDiff>,
    ) {
        let bit = if way == Way::Narrowed { bits::NARROW } else { bits::WIDEN };
        let inside = |known: u8| known & (bit | bits::UNSURE) == 0;
        let covered = one.against.iter().any(|node| inside(self.bits(*node)));
        let (takes, refuses) = sides(way);
        let of = |side| if side == Side::Old { whole.0 } else { whole.1 };
        let strict = if way == Way::Narrowed { union.exclusive.1 } else { union.exclusive.0 };
        if covered && !strict {
            return;
        }
        let mut candidates = self.samples(takes, one.conj, 12, 0);
        let nodes = one.against.clone();
        for node in nodes.into_iter().take(4) {
            candidates.extend(self.lifted(node, way));
        }
        let shows = |pairs: &Self, value: &Value| {
            pairs.fits(takes, of(takes), value) == Some(true) && pairs.fits(refuses, of(refuses), value) == Some(false)
        };
        let found = candidates.into_iter().find(|value| shows(self, value));
        if found.is_none() && covered {
            return;
        }
        let proof = found.map_or(Proof::Unsure, |value| Proof::Yes(Some(value)));
        let sure = matches!(proof, Proof::Yes(_));
        let name = if union.exclusive.0 || union.exclusive.1 { "oneOf" } else { "anyOf" };
        let label = &one.label;
        let (change, message) = match (way, sure) {
            (Way::Narrowed, true) => {
                (format!("{name} - {label}"), format!("`{name}` no longer takes what `{label}` was: such values are refused now"))
            }
            (Way::Widened, true) => {
                (format!("{name} + {label}"), format!("`{name}` takes `{label}` as well now: values that were refused before"))
            }
            (Way::Narrowed, false) => (
                format!("{name} - {label}"),
                format!("`{name}` lost `{label}`, and whether another member takes its values could not be decided"),
            ),
            (Way::Widened, false) => (
                format!("{name} + {label}"),
                format!("`{name}` gained `{label}`, and whether its values were taken before could not be decided"),
            ),
        };
        let (narrowed, widened) = if way == Way::Narrowed { (proof, Proof::No) } else { (Proof::No, proof) };
        if let Some(mut diff) = diff_of(union.rule, role, one.anchor, (change, message), narrowed, widened) {
            diff.tolerated = role == Role::Response && way == Way::Widened && sure;
            late.push(diff);
        }
    }

    /// `oneOf` refuses what fits two members: where members changed, they must be told apart.
    fn ask_exclusive(&mut self, id: u32, union: &Union, role: Role, late: &mut Vec<LocalDiff>) {
        if union.told_apart {
            return;
        }
        let mut answers = [Proof::No, Proof::No];
        for (index, (exclusive, way, side, all)) in
            [(union.exclusive.1, Way::Narrowed, Side::New, &union.all.1), (union.exclusive.0, Way::Widened, Side::Old, &union.all.0)]
                .into_iter()
                .enumerate()
        {
            if !exclusive || self.told_apart(side, all) {
                continue;
            }
            if let Some(answer) = answers.get_mut(index) {
                *answer = self.sampled(id, way, true);
            }
        }
        let [narrowed, widened] = answers;
        // What other differences prove already needs no second proof here.
        let proved = |way_bit: u8, late: &[LocalDiff]| late.iter().fold(self.bits(id), |all, diff| all | diff.bits()) & way_bit != 0;
        let narrowed = if matches!(narrowed, Proof::Yes(_)) && proved(bits::NARROW, late) { Proof::No } else { narrowed };
        let widened = if matches!(widened, Proof::Yes(_)) && proved(bits::WIDEN, late) { Proof::No } else { widened };
        let words = (
            "oneOf overlap".to_owned(),
            "`oneOf` wants exactly one member to fit, and after this change a value may fit two, or one where it fitted two".to_owned(),
        );
        late.extend(diff_of(&one_of::RULE, role, union.anchor, words, narrowed, widened));
    }

    /// No value fits two of these.
    fn told_apart(&mut self, side: Side, all: &[ConjId]) -> bool {
        if all.len() > 48 {
            return false;
        }
        for (index, a) in all.iter().enumerate() {
            for b in all.get(index + 1..).unwrap_or_default() {
                if !self.disjoint(side, *a, *b) {
                    return false;
                }
            }
        }
        true
    }

    /// By their types, their members, or a property that tells them apart.
    fn disjoint(&mut self, side: Side, a: ConjId, b: ConjId) -> bool {
        let (left, right) = (self.arena(side).view(a), self.arena(side).view(b));
        let types = left.types.and(right.types);
        if types == Types::NONE {
            return true;
        }
        if let (Some(a), Some(b)) = (&left.members, &right.members)
            && a.iter().all(|member| b.binary_search(member).is_err())
        {
            return true;
        }
        if Types::NUMBER.has(types) {
            let (a, b) = (Range::of(&left, self.options), Range::of(&right, self.options));
            let before = |a: &Range, b: &Range| a.high.zip(b.low).is_some_and(|(high, low)| high.number < low.number);
            return before(&a, &b) || before(&b, &a);
        }
        if types != Types::OBJECT {
            return types == Types::ARRAY
                && item_ids(&left, 0).is_empty()
                && item_ids(&right, 0).is_empty()
                && apart_by_count(&left, &right);
        }
        let names: BTreeSet<&str> = left.maps.iter().chain(&right.maps).flat_map(|(_, maps)| &maps.required).map(AsRef::as_ref).collect();
        names.into_iter().take(64).any(|name| {
            let a = self.property_ids(side, &left, name);
            let b = self.property_ids(side, &right, name);
            let arena = self.arena(side);
            let (a, b) = (arena.all(&a), arena.all(&b));
            let (a, b) = (arena.view(a), arena.view(b));
            if a.types.and(b.types) == Types::NONE {
                return true;
            }
            matches!((&a.members, &b.members), (Some(a), Some(b)) if a.iter().all(|member| b.binary_search(member).is_err()))
        })
    }
}

fn apart_by_count(a: &super::view::View<'_>, b: &super::view::View<'_>) -> bool {
    let range = |view: &super::view::View<'_>| {
        let least = view.lists.iter().map(|(_, lists)| lists.count_min).max().unwrap_or_default();
        (least, view.lists.iter().filter_map(|(_, lists)| lists.count_max).min().unwrap_or(u64::MAX))
    };
    let (a, b) = (range(a), range(b));
    a.1 < b.0 || b.1 < a.0
}
