//! What follows from parts: relations of whole pairs, over strongly connected parts of the graph.
//!
//! A cycle is assumed equal until something in it differs, and the assumption is settled for all pairs of a component at once,
//! so that no answer rests on one that was taken back. Iterative; each pair is solved once. Tests: `tests/it/shape/`.

use segue_model::check::Side;
use serde_json::Value;

use super::pairs::{Deferred, Kind, LocalDiff, Pairs, Part, Proof, Way, bits, diff_of, sides};

/// How often a component is settled anew before it is called undecided.
const ROUNDS_MAX: u32 = 4;
/// How many pairs are walked for one value.
const WALK_MAX: usize = 256;

struct Frame {
    node: u32,
    next: usize,
}

/// Where a pair is in the walk: its number from 1, the lowest that it reaches, and whether its component is still open. The
/// pairs of a component that is whole have one number.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mark {
    own: u32,
    low: u32,
    open: bool,
}

impl Pairs<'_> {
    /// Solves everything that a pair reaches (Tarjan, without recursion).
    pub(super) fn solve(&mut self, root: u32) {
        if self.nodes.get(root as usize).is_none_or(|node| node.solved) {
            return;
        }
        let mut stack: Vec<u32> = vec![root];
        let mut frames = vec![Frame { node: root, next: 0 }];
        self.marks.resize(self.nodes.len(), Mark::default());
        let mut count = 1;
        self.mark(root, Mark { own: count, low: count, open: true });
        while let Some(frame) = frames.last_mut() {
            let node = frame.node;
            let edge = self.edges_of(node).get(frame.next).map(|edge| edge.to);
            frame.next += 1;
            if let Some(to) = edge {
                if self.nodes.get(to as usize).is_none_or(|node| node.solved) {
                    continue;
                }
                let known = self.mark_of(to);
                if known.own == 0 {
                    count += 1;
                    self.mark(to, Mark { own: count, low: count, open: true });
                    stack.push(to);
                    frames.push(Frame { node: to, next: 0 });
                } else if known.open {
                    self.lower(node, known.own);
                }
                continue;
            }
            frames.pop();
            let Mark { own, low, .. } = self.mark_of(node);
            if let Some(parent) = frames.last().map(|frame| frame.node) {
                self.lower(parent, low);
            }
            if own == low {
                let begin = stack.iter().rposition(|id| *id == node).unwrap_or(0);
                let component = stack.split_off(begin);
                for id in &component {
                    self.mark(*id, Mark { own, low, open: false });
                }
                self.settle(&component);
            }
        }
    }

    fn mark(&mut self, node: u32, mark: Mark) {
        if let Some(slot) = self.marks.get_mut(node as usize) {
            *slot = mark;
        }
    }

    fn mark_of(&self, node: u32) -> Mark {
        self.marks.get(node as usize).copied().unwrap_or_default()
    }

    fn lower(&mut self, node: u32, to: u32) {
        if let Some(slot) = self.marks.get_mut(node as usize) {
            slot.low = slot.low.min(to);
        }
    }

    /// All pairs of one component: what one of them is, all of them are.
    fn settle(&mut self, component: &[u32]) {
        let mut assumed = self.fold(component);
        let deferred = component.iter().any(|id| self.nodes.get(*id as usize).is_some_and(|node| !node.deferred.is_empty()));
        for round in 0..=ROUNDS_MAX {
            self.give(component, assumed, false);
            // What is known of the pairs changed, and with it what can be shown.
            self.lifts.clear();
            if !deferred {
                break;
            }
            for id in component {
                self.ask(*id);
            }
            let settled = self.fold(component);
            if settled == assumed {
                break;
            }
            assumed = if round == ROUNDS_MAX { settled | bits::UNSURE } else { settled };
        }
        self.give(component, assumed, true);
    }

    fn give(&mut self, component: &[u32], given: u8, solved: bool) {
        for id in component {
            if let Some(node) = self.nodes.get_mut(*id as usize) {
                node.bits = given;
                node.solved = solved;
            }
        }
    }

    /// What the pairs say themselves and what their parts outside say.
    fn fold(&self, component: &[u32]) -> u8 {
        let own = component.first().map(|id| self.mark_of(*id).own);
        let inside = |id: u32| Some(self.mark_of(id).own) == own && self.nodes.get(id as usize).is_some_and(|node| !node.solved);
        let mut all = 0;
        for id in component {
            let Some(node) = self.nodes.get(*id as usize) else { continue };
            all |= node.diffs.iter().chain(&node.late).fold(0, |all, diff| all | diff.bits());
            for edge in self.edges_of(*id) {
                if edge.kind != Kind::Silent && !inside(edge.to) {
                    all |= self.bits(edge.to) & !edge.masked;
                }
            }
        }
        all
    }

    pub(super) fn bits(&self, node: u32) -> u8 {
        self.nodes.get(node as usize).map_or(bits::UNSURE, |node| node.bits)
    }

    /// Answers the deferred questions of a pair anew.
    fn ask(&mut self, id: u32) {
        let Some(node) = self.nodes.get_mut(id as usize) else { return };
        let deferred = std::mem::take(&mut node.deferred);
        node.late = Vec::new();
        let mut late = Vec::new();
        for question in &deferred {
            match question {
                Deferred::Union(union) => self.ask_union(id, union, &mut late),
                Deferred::Opaque { rule, anchor, child, opposite, part, words } => {
                    late.extend(
                        self.ask_opaque(id, *child, *opposite, *part)
                            .and_then(|(narrowed, widened, role)| diff_of(rule, role, *anchor, words.clone(), narrowed, widened)),
                    );
                }
            }
        }
        late.shrink_to_fit();
        if let Some(node) = self.nodes.get_mut(id as usize) {
            node.late = late;
            node.deferred = deferred;
        }
    }

    /// What a part that counts the same or the opposite way makes of the whole; without a value nothing is certain.
    fn ask_opaque(&mut self, id: u32, child: u32, opposite: bool, part: Part<'static>) -> Option<(Proof, Proof, crate::policy::Role)> {
        let known = self.bits(child);
        if known & !bits::LIVE == 0 {
            return None;
        }
        let role = self.nodes.get(id as usize)?.role;
        let (mut narrow, mut widen) = (known & bits::NARROW != 0, known & bits::WIDEN != 0);
        if opposite {
            std::mem::swap(&mut narrow, &mut widen);
        }
        let unsure = known & bits::UNSURE != 0;
        let mut answer = |way: Way, possible: bool| {
            if !possible {
                return Proof::No;
            }
            match self.shown_by(id, child, way, opposite, part) {
                Some(value) => Proof::Yes(Some(value)),
                None => self.sampled(id, way, true),
            }
        };
        let narrowed = answer(Way::Narrowed, narrow || unsure);
        let widened = answer(Way::Widened, widen || unsure);
        Some((narrowed, widened, role))
    }

    /// A whole around a value that shows the part's difference.
    fn shown_by(&mut self, id: u32, child: u32, way: Way, opposite: bool, part: Part<'static>) -> Option<Value> {
        let inner = match (way, opposite) {
            (Way::Narrowed, true) => Way::Widened,
            (Way::Widened, true) => Way::Narrowed,
            (way, false) => way,
        };
        let value = self.lifted(child, inner)?;
        let (a, b) = self.nodes.get(id as usize).map(|node| (node.a, node.b))?;
        let (takes, refuses) = sides(way);
        let of = |side| if side == Side::Old { a } else { b };
        let value = self.whole(takes, of(takes), part, value)?;
        // What the part does not ask for, the whole may.
        let more = match (&value, part) {
            (Value::Object(entries), Part::Same) => self.example(takes, of(takes), 0).and_then(|whole| match whole {
                Value::Object(mut all) => {
                    all.extend(entries.clone());
                    Some(Value::Object(all))
                }
                _ => None,
            }),
            _ => None,
        };
        let shows =
            |value: &Value| self.fits(takes, of(takes), value) == Some(true) && self.fits(refuses, of(refuses), value) == Some(false);
        [Some(value), more].into_iter().flatten().find(shows)
    }

    /// Whether some sample shows that way, where it is possible at all.
    pub(super) fn sampled(&mut self, id: u32, way: Way, possible: bool) -> Proof {
        let Some((a, b)) = self.nodes.get(id as usize).map(|node| (node.a, node.b)).filter(|_| possible) else { return Proof::No };
        let (takes, refuses) = sides(way);
        let of = |side| if side == Side::Old { a } else { b };
        let mut samples = self.samples(takes, of(takes), 16, 0);
        samples.extend(self.samples(refuses, of(refuses), 8, 0));
        let common = ["", "a", "0"].iter().map(|text| Value::from(*text));
        samples.extend(common.chain([0, 1, -1].iter().map(|number| Value::from(*number))).chain([Value::Null, Value::Array(Vec::new())]));
        samples.push(Value::Object(serde_json::Map::new()));
        for value in samples {
            if self.fits(takes, of(takes), &value) == Some(true) && self.fits(refuses, of(refuses), &value) == Some(false) {
                return Proof::Yes(Some(value));
            }
        }
        Proof::Unsure
    }

    /// A value of a pair that shows that way; found once a round.
    pub(super) fn lifted(&mut self, from: u32, way: Way) -> Option<Value> {
        if let Some(known) = self.lifts.get(&(from, way)) {
            return known.clone();
        }
        let found = self.lift(from, way);
        self.lifts.insert((from, way), found.clone());
        found
    }

    /// Builds it up from a difference somewhere in the parts of the pair.
    fn lift(&mut self, from: u32, way: Way) -> Option<Value> {
        let bit = if way == Way::Narrowed { bits::NARROW } else { bits::WIDEN };
        let (takes, refuses) = sides(way);
        let mut seen: std::collections::BTreeSet<u32> = std::iter::once(from).collect();
        let mut walk: Vec<(u32, usize, Option<usize>)> = vec![(from, 0, None)];
        let mut at = 0;
        while let Some((node, ..)) = walk.get(at).copied() {
            self.walks = self.walks.checked_sub(1)?;
            let shown = |diff: &LocalDiff| {
                let both = diff.witness.iter().chain(&diff.second);
                both.into_iter().find(|witness| witness.accepted_by == takes).cloned()
            };
            let found = self.nodes.get(node as usize).and_then(|node| node.diffs.iter().chain(&node.late).find_map(shown));
            if let Some(witness) = found {
                return self.built(&walk, at, witness.value, (takes, refuses));
            }
            let edges: Vec<(usize, u32)> = self
                .edges_of(node)
                .iter()
                .enumerate()
                .filter(|(_, edge)| edge.kind != Kind::Silent && self.bits(edge.to) & bit != 0)
                .map(|(index, edge)| (index, edge.to))
                .collect();
            for (index, to) in edges {
                if walk.len() < WALK_MAX && seen.insert(to) {
                    walk.push((to, at, Some(index)));
                }
            }
            at += 1;
        }
        None
    }

    fn built(
        &mut self,
        walk: &[(u32, usize, Option<usize>)],
        mut at: usize,
        mut value: Value,
        (takes, refuses): (Side, Side),
    ) -> Option<Value> {
        while let Some((_, parent, Some(edge))) = walk.get(at).copied() {
            let (above, ..) = walk.get(parent).copied()?;
            let part = self.edges_of(above).get(edge)?.part;
            let (a, b) = self.nodes.get(above as usize).map(|node| (node.a, node.b))?;
            value = self.whole(takes, if takes == Side::Old { a } else { b }, part, value)?;
            at = parent;
        }
        let (a, b) = walk.first().and_then(|(node, ..)| self.nodes.get(*node as usize)).map(|node| (node.a, node.b))?;
        let of = |side| if side == Side::Old { a } else { b };
        let shows = self.fits(takes, of(takes), &value) == Some(true) && self.fits(refuses, of(refuses), &value) == Some(false);
        shows.then_some(value)
    }
}
