//! The graph of what is compared: a node for each pair of conjunctions, an edge for each part of them.
//!
//! Nodes are expanded from a queue, once each, so that cost follows the document and not its paths, and no document can make it
//! recurse. Local differences stand in the nodes; what follows from the parts is `solve.rs`. Tests: `tests/it/shape/`.

use std::collections::BTreeMap;

use segue_model::check::{Side, Witness};
use serde_json::Value;

use super::accept::Judge;
use super::alike::Alike;
use super::make::Made;
use super::pattern::Patterns;
use super::relate::Options;
use super::solve::Mark;
use super::union::Union;
use super::view::{Arena, ConjId, View};
use super::{ShapeId, Shapes, Types, fast, rule};
use crate::policy::{Relation, Role};
use crate::rule::Rule;

/// The most pairs; what is beyond is undecided.
const NODES_MAX: usize = 4_000_000;

/// The most pairs that are walked for values in all.
const WALKS_MAX: usize = 4_000_000;
/// How many differences of one rule and one way are told of one pair.
const TOLD_MAX: usize = 20_000;

/// What is known of a pair, as bits.
pub(super) mod bits {
    /// The new side refuses something.
    pub(in crate::shape) const NARROW: u8 = 1;
    /// The new side accepts something more.
    pub(in crate::shape) const WIDEN: u8 = 2;
    /// It could not be decided.
    pub(in crate::shape) const UNSURE: u8 = 4;
    /// There is something to tell.
    pub(in crate::shape) const LIVE: u8 = 8;
}

/// How an edge counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// What the part does, the whole does.
    Plain,
    /// A member of a union: another member may take what this one refuses.
    Member,
    /// Only looked at by a deferred question.
    Silent,
}

/// Where a part stands in its whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// A property.
    Property(&'a str),
    /// An item by its index.
    Item(u32),
    /// Any property that is not declared.
    Additional,
    /// The name of a property.
    Name,
    /// The value itself.
    Same,
    /// Something that has no value to build.
    Other,
}

/// From a pair to a part of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge<'a> {
    pub(super) to: u32,
    pub(super) kind: Kind,
    pub(super) part: Part<'a>,
    /// Bits that a sibling takes back.
    pub(super) masked: u8,
}

/// A question that needs the answers of parts.
#[derive(Debug, Clone)]
pub(super) enum Deferred {
    /// Members of unions.
    Union(Box<Union>),
    /// A keyword whose part does not simply count: `not`, `contains`, `if`.
    Opaque { rule: &'static Rule, anchor: Anchor, child: u32, opposite: bool, part: Part<'static>, words: (String, String) },
}

/// The partners of a conjunction, and the pairs that they make with it: most have one.
#[derive(Default)]
enum Partners {
    #[default]
    None,
    One((ConjId, Role), u32),
    Many(BTreeMap<(ConjId, Role), u32>),
}

impl Partners {
    fn get(&self, with: (ConjId, Role)) -> Option<u32> {
        match self {
            Self::None => None,
            Self::One(known, node) => (*known == with).then_some(*node),
            Self::Many(all) => all.get(&with).copied(),
        }
    }

    fn put(&mut self, with: (ConjId, Role), node: u32) {
        match self {
            Self::None => *self = Self::One(with, node),
            Self::One(known, first) => *self = Self::Many(BTreeMap::from([(*known, *first), (with, node)])),
            Self::Many(all) => {
                all.insert(with, node);
            }
        }
    }
}

/// A pair.
pub(super) struct Node {
    pub(super) a: ConjId,
    pub(super) b: ConjId,
    pub(super) role: Role,
    pub(super) bits: u8,
    pub(super) solved: bool,
    pub(super) edges: (u32, u32),
    pub(super) diffs: Vec<LocalDiff>,
    /// Differences of deferred questions.
    pub(super) late: Vec<LocalDiff>,
    pub(super) deferred: Vec<Deferred>,
}

/// The shape that says what changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Anchor {
    pub(super) side: Side,
    pub(super) shape: ShapeId,
}

/// A difference of two conjunctions.
#[derive(Debug, Clone)]
pub(super) struct LocalDiff {
    pub(super) rule: &'static Rule,
    pub(super) relation: Relation,
    pub(super) tolerated: bool,
    pub(super) additive: bool,
    pub(super) note: bool,
    pub(super) anchor: Anchor,
    /// Behind the anchor's path.
    pub(super) tail: Option<Box<str>>,
    pub(super) change: String,
    pub(super) message: String,
    pub(super) witness: Option<Witness>,
    /// One of the other way, where both are known.
    pub(super) second: Option<Witness>,
}

impl LocalDiff {
    pub(super) fn bits(&self) -> u8 {
        if self.note {
            return bits::LIVE;
        }
        bits::LIVE
            | match self.relation {
                Relation::Equal => 0,
                Relation::Narrowed => bits::NARROW,
                Relation::Widened => bits::WIDEN,
                Relation::Changed => bits::NARROW | bits::WIDEN,
                Relation::Undecided => bits::UNSURE,
            }
    }
}

/// Everything that is compared.
pub(super) struct Pairs<'a> {
    pub(super) old: Arena<'a>,
    pub(super) new: Arena<'a>,
    pub(super) options: Options,
    pub(super) patterns: Patterns,
    pub(super) old_judge: Judge<'a>,
    pub(super) new_judge: Judge<'a>,
    pub(super) made: Made,
    pub(super) alike: Alike,
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge<'a>>,
    /// For each conjunction of the old side: what it was paired with.
    ids: Vec<Partners>,
    queue: Vec<u32>,
    /// Values that show the difference of a pair, as one round of settling found them: thousands of unions ask for the same.
    pub(super) lifts: BTreeMap<(u32, Way), Option<Value>>,
    /// How many pairs may still be walked for such values.
    pub(super) walks: usize,
    /// Where pairs are in the walk that solves them.
    pub(super) marks: Vec<Mark>,
    /// Names of properties were not held against all expressions: there were too many of both.
    pub(super) looked_past: bool,
}

impl<'a> Pairs<'a> {
    pub(super) fn new(old: &'a Shapes, new: &'a Shapes, options: Options) -> Self {
        Self {
            old: Arena::new(old),
            new: Arena::new(new),
            options,
            patterns: Patterns::default(),
            old_judge: Judge::new(old, options),
            new_judge: Judge::new(new, options),
            made: Made::default(),
            alike: Alike::default(),
            nodes: Vec::new(),
            edges: Vec::new(),
            ids: Vec::new(),
            queue: Vec::new(),
            lifts: BTreeMap::new(),
            walks: WALKS_MAX,
            marks: Vec::new(),
            looked_past: false,
        }
    }

    /// Compares two shapes with all that they reach.
    pub(super) fn root(&mut self, old: ShapeId, new: ShapeId, role: Role) -> u32 {
        let (a, b) = (self.old.one(old), self.new.one(new));
        let node = self.node(a, b, role);
        self.run();
        self.solve(node);
        node
    }

    /// Lets go of everything but the differences: they are told, and nothing is compared any more.
    pub(super) fn close(&mut self) {
        let (old, new) = (self.old.shapes, self.new.shapes);
        self.old = Arena::new(old);
        self.new = Arena::new(new);
        self.patterns = Patterns::default();
        self.made = Made::default();
        self.edges = Vec::new();
        self.nodes.iter_mut().for_each(|node| node.deferred = Vec::new());
        self.ids = Vec::new();
        self.marks = Vec::new();
        self.lifts = BTreeMap::new();
    }

    pub(super) fn run(&mut self) {
        while let Some(node) = self.queue.pop() {
            self.expand(node);
        }
    }

    pub(super) fn relation(&self, node: u32) -> Relation {
        relation_of(self.nodes.get(node as usize).map_or(bits::UNSURE, |node| node.bits))
    }

    pub(super) fn node(&mut self, a: ConjId, b: ConjId, role: Role) -> u32 {
        let at = a.0 as usize;
        if let Some(known) = self.ids.get(at).and_then(|partners| partners.get((b, role))) {
            return known;
        }
        let id = self.nodes.len() as u32;
        if self.ids.len() <= at {
            self.ids.resize_with(at + 1, Partners::default);
        }
        if let Some(partners) = self.ids.get_mut(at) {
            partners.put((b, role), id);
        }
        let full = self.nodes.len() >= NODES_MAX;
        self.nodes.push(Node {
            a,
            b,
            role,
            bits: if full { bits::UNSURE } else { 0 },
            solved: full,
            edges: (0, 0),
            diffs: Vec::new(),
            late: Vec::new(),
            deferred: Vec::new(),
        });
        if !full {
            self.queue.push(id);
        }
        id
    }

    fn expand(&mut self, id: u32) {
        let Some(node) = self.nodes.get(id as usize) else { return };
        let (a, b, role) = (node.a, node.b, node.role);
        let begin = self.edges.len() as u32;
        if !fast::expand(self, a, b, role) {
            let (left, right) = (self.old.view(a), self.new.view(b));
            let (diffs, edges, deferred) = (Vec::new(), Vec::new(), Vec::new());
            let told = BTreeMap::new();
            let mut local = Local { pairs: self, a: &left, b: &right, ids: (a, b), role, diffs, edges, deferred, told };
            rule::compare(&mut local);
            local.count_up();
            let Local { mut diffs, edges, mut deferred, .. } = local;
            self.edges.extend(edges);
            // Most pairs have one of them at most, and a list that grows makes room for four.
            diffs.shrink_to_fit();
            deferred.shrink_to_fit();
            if let Some(node) = self.nodes.get_mut(id as usize) {
                node.diffs = diffs;
                node.deferred = deferred;
            }
        }
        let end = self.edges.len() as u32;
        if let Some(node) = self.nodes.get_mut(id as usize) {
            node.edges = (begin, end);
        }
    }

    pub(super) fn edges_of(&self, node: u32) -> &[Edge<'a>] {
        let Some(node) = self.nodes.get(node as usize) else { return &[] };
        self.edges.get(node.edges.0 as usize..node.edges.1 as usize).unwrap_or_default()
    }

    /// The value fits the conjunction of one side.
    pub(super) fn fits(&self, side: Side, conj: ConjId, value: &Value) -> Option<bool> {
        let (arena, judge) = match side {
            Side::Old => (&self.old, &self.old_judge),
            Side::New => (&self.new, &self.new_judge),
        };
        let key = arena.key(conj);
        if !super::accept::kind_of(value).meets(key.mask) {
            return Some(false);
        }
        let judge = judge.refreshed();
        let mut answer = Some(true);
        let chosen = key.chosen.iter().filter_map(|(owner, exclusive, index)| {
            let combined = arena.shapes.get(*owner).combined.as_ref()?;
            let members = if *exclusive { &combined.one_of } else { &combined.any_of };
            members.get(*index as usize).copied()
        });
        for id in key.shapes.iter().copied().chain(chosen) {
            match judge.fits(&self.patterns, id, value, 0) {
                Some(false) => return Some(false),
                None => answer = None,
                Some(true) => {}
            }
        }
        answer
    }

    pub(super) fn arena(&mut self, side: Side) -> &mut Arena<'a> {
        match side {
            Side::Old => &mut self.old,
            Side::New => &mut self.new,
        }
    }
}

/// What bits mean.
pub(super) fn relation_of(bits: u8) -> Relation {
    match bits & (bits::NARROW | bits::WIDEN | bits::UNSURE) {
        0 => Relation::Equal,
        bits::NARROW => Relation::Narrowed,
        bits::WIDEN => Relation::Widened,
        set if set & bits::NARROW != 0 && set & bits::WIDEN != 0 => Relation::Changed,
        _ => Relation::Undecided,
    }
}

/// Which way a value shows a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// Accepted by the old side, refused by the new.
    Narrowed,
    /// Accepted by the new side, refused by the old.
    Widened,
}

/// Whether a value of that way exists.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Proof {
    /// None.
    No,
    /// One, shown if it could be made.
    Yes(Option<Value>),
    /// It is not known.
    Unsure,
}

/// Two conjunctions before the rules.
pub(super) struct Local<'x, 'a> {
    pub(super) pairs: &'x mut Pairs<'a>,
    pub(super) a: &'x View<'a>,
    pub(super) b: &'x View<'a>,
    pub(super) ids: (ConjId, ConjId),
    pub(super) role: Role,
    pub(super) diffs: Vec<LocalDiff>,
    pub(super) edges: Vec<Edge<'a>>,
    pub(super) deferred: Vec<Deferred>,
    /// Differences by rule and effect: how many, and where the last that was kept stands.
    told: BTreeMap<(&'static str, u8, bool, bool), (usize, usize)>,
}

impl<'a> Local<'_, 'a> {
    /// Both sides accept these types.
    pub(super) fn both(&self, types: Types) -> bool {
        self.a.types.meets(types) && self.b.types.meets(types)
    }

    /// Looks for a value of that way among candidates. A claim that follows from the keywords stands without a value when
    /// none could be made or judged; when each candidate was judged and none shows it, something else may decide.
    pub(super) fn prove(&mut self, way: Way, candidates: impl IntoIterator<Item = Value>) -> Proof {
        let (takes, refuses) = sides(way);
        let (mut judged, mut undecided) = (false, false);
        for value in candidates {
            let ids = self.ids;
            let of = |side| if side == Side::Old { ids.0 } else { ids.1 };
            match (self.pairs.fits(takes, of(takes), &value), self.pairs.fits(refuses, of(refuses), &value)) {
                (Some(true), Some(false)) => return Proof::Yes(Some(value)),
                (None, _) | (_, None) => undecided = true,
                _ => judged = true,
            }
        }
        if judged && !undecided { Proof::Unsure } else { Proof::Yes(None) }
    }

    /// A difference of a rule with what is known of both ways.
    pub(super) fn differ(&mut self, rule: &'static Rule, anchor: Anchor, words: (String, String), narrowed: Proof, widened: Proof) {
        if let Some(diff) = diff_of(rule, self.role, anchor, words, narrowed, widened) {
            self.tell(diff);
        }
    }

    /// Keeps a difference. Of very many of one rule and one way the last that is kept says how many more there are.
    pub(super) fn tell(&mut self, mut diff: LocalDiff) {
        diff.change.shrink_to_fit();
        diff.message.shrink_to_fit();
        let count = self.told.entry((diff.rule.id, diff.bits(), diff.tolerated, diff.additive)).or_default();
        count.0 += 1;
        if count.0 > TOLD_MAX {
            return;
        }
        count.1 = self.diffs.len();
        self.diffs.push(diff);
    }

    /// Says what was not kept.
    fn count_up(&mut self) {
        for (count, last) in self.told.values().filter(|(count, _)| *count > TOLD_MAX) {
            if let Some(diff) = self.diffs.get_mut(*last) {
                diff.message.push_str(&format!("; and {} more like it in the same place, which are not listed", count - TOLD_MAX));
            }
        }
    }

    /// A difference of one way, with candidates for its proof.
    pub(super) fn claim(
        &mut self,
        rule: &'static Rule,
        way: Way,
        anchor: Anchor,
        words: (String, String),
        candidates: impl IntoIterator<Item = Value>,
    ) {
        let proof = self.prove(way, candidates);
        match way {
            Way::Narrowed => self.differ(rule, anchor, words, proof, Proof::No),
            Way::Widened => self.differ(rule, anchor, words, Proof::No, proof),
        }
    }

    pub(super) fn undecided(&mut self, rule: &'static Rule, anchor: Anchor, change: String, message: String) {
        self.differ(rule, anchor, (change, message), Proof::Unsure, Proof::Unsure);
    }

    /// Compares parts of both sides.
    pub(super) fn edge(&mut self, old: &[ShapeId], new: &[ShapeId], kind: Kind, part: Part<'a>) {
        if let ([old], [new]) = (old, new)
            && fast::same_leaf(self.pairs.old.shapes, *old, self.pairs.new.shapes, *new)
        {
            return;
        }
        let (a, b) = (self.pairs.old.all(old), self.pairs.new.all(new));
        let to = self.pairs.node(a, b, self.role);
        self.edges.push(Edge { to, kind, part, masked: 0 });
    }

    /// The new side's shape, or the old one's where the new has none.
    pub(super) fn anchor(&self, old: Option<ShapeId>, new: Option<ShapeId>) -> Anchor {
        let whole = |view: &View<'_>| view.parts.first().copied();
        match (new, old) {
            (Some(shape), _) => Anchor { side: Side::New, shape },
            (None, Some(shape)) => Anchor { side: Side::Old, shape },
            (None, None) => match whole(self.b) {
                Some(shape) => Anchor { side: Side::New, shape },
                None => Anchor { side: Side::Old, shape: whole(self.a).unwrap_or(ShapeId(0)) },
            },
        }
    }
}

/// A difference, when there is one.
pub(super) fn diff_of(
    rule: &'static Rule,
    role: Role,
    anchor: Anchor,
    (change, message): (String, String),
    narrowed: Proof,
    widened: Proof,
) -> Option<LocalDiff> {
    let relation = match (&narrowed, &widened) {
        (Proof::No, Proof::No) => return None,
        (Proof::Yes(_), Proof::No) => Relation::Narrowed,
        (Proof::No, Proof::Yes(_)) => Relation::Widened,
        (Proof::Yes(_), _) | (_, Proof::Yes(_)) => Relation::Changed,
        _ => Relation::Undecided,
    };
    let value = |proof, side| if let Proof::Yes(Some(value)) = proof { Some(Witness { accepted_by: side, value }) } else { None };
    let (narrow, wide) = (value(narrowed, Side::Old), value(widened, Side::New));
    let (first, other) = if role == Role::Response { (wide, narrow) } else { (narrow, wide) };
    let (witness, second) = if first.is_some() { (first, other) } else { (other, None) };
    Some(LocalDiff { rule, relation, tolerated: false, additive: false, note: false, anchor, tail: None, change, message, witness, second })
}

/// The side that takes such a value, and the one that refuses it.
pub(super) fn sides(way: Way) -> (Side, Side) {
    match way {
        Way::Narrowed => (Side::Old, Side::New),
        Way::Widened => (Side::New, Side::Old),
    }
}
