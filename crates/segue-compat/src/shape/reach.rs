//! Who is reached by a difference, and each difference once.
//!
//! Users are spread down the graph as bits, over its strongly connected parts, and only where there is something to tell; so a
//! thousand operations and a hundred thousand pairs are a few million words. Tests: `tests/it/shape/reach.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::check::{Reach, Side};

use super::pairs::{Anchor, LocalDiff, Pairs, bits};
use super::relate::{Call, Difference};
use crate::policy::{Relation, Role};

/// What of a difference makes it the same as another.
type Identity<'p> = (&'static str, Anchor, Option<&'p str>, &'p str, Role);

/// Where a difference stands: its pair, whether it was found late, and which it is.
#[derive(Debug, Clone, Copy)]
struct Spot {
    node: u32,
    late: bool,
    index: usize,
}

/// A difference with who is reached: most are reached from one place, whose users are not copied.
struct Found {
    spot: Spot,
    role: Role,
    component: u32,
    more: Option<Vec<u64>>,
}

/// The differences of all pairs that somebody uses, sorted.
pub(super) fn differences(mut pairs: Pairs<'_>, users: &BTreeMap<String, u32>, calls: &[Call]) -> Vec<Difference> {
    let order = live(&pairs, calls);
    let sets = spread(&pairs, &order, users.len(), calls);
    let positions = position_names(calls);
    let mut of_roles: BTreeMap<Role, BTreeSet<&'static str>> = BTreeMap::new();
    for call in calls {
        if let Some(node) = pairs.nodes.get(call.node as usize) {
            of_roles.entry(node.role).or_default().insert(call.position);
        }
    }
    pairs.close();
    let mut found = once(&pairs, &order, &sets);
    drop(order);
    // Pair by pair, so that each is let go of as soon as it is told.
    found.sort_unstable_by_key(|one| (one.spot.node, one.spot.late, one.spot.index));
    let mut told = 0;
    let by_number: BTreeMap<u32, &str> = users.iter().map(|(name, number)| (*number, name.as_str())).collect();
    let mut all: Vec<Difference> = Vec::with_capacity(found.len());
    for one in found {
        pairs.forget(told..one.spot.node);
        told = one.spot.node;
        let words = one.more.as_deref().unwrap_or_else(|| sets.of(one.component));
        let numbers: Vec<u32> = (0..users.len() as u32).filter(|number| is_set(words, *number)).collect();
        let position = position(&positions, of_roles.get(&one.role), &numbers);
        let mut examples: Vec<&str> = numbers.iter().filter_map(|number| by_number.get(number)).copied().collect();
        examples.sort_unstable();
        let reach = Reach { count: examples.len(), examples: examples.into_iter().take(3).map(str::to_owned).collect() };
        if let Some(diff) = pairs.take(one.spot) {
            all.push(difference(&pairs, diff, one.role, position, reach));
        }
    }
    all.sort_by(|a, b| {
        let first = (&a.object, a.rule.id, &a.change, a.position, a.role).cmp(&(&b.object, b.rule.id, &b.change, b.position, b.role));
        first.then_with(|| (a.side, a.at.file, a.at.span.start).cmp(&(b.side, b.at.file, b.at.span.start)))
    });
    all.dedup_by(|later, first| {
        let same = (&later.object, later.rule.id, &later.change, later.position, later.role)
            == (&first.object, first.rule.id, &first.change, first.position, first.role);
        same && later.relation == first.relation
    });
    all
}

/// Every difference once, of those that are the same the one that tells most.
fn once(pairs: &Pairs<'_>, order: &[(u32, u32)], sets: &Sets) -> Vec<Found> {
    let mut found: BTreeMap<Identity<'_>, Found> = BTreeMap::new();
    for (number, component) in order {
        let Some(node) = pairs.nodes.get(*number as usize) else { continue };
        for (late, diffs) in [(false, &node.diffs), (true, &node.late)] {
            for (index, diff) in diffs.iter().enumerate() {
                let identity = (diff.rule.id, diff.anchor, diff.tail.as_deref(), diff.change.as_str(), node.role);
                let spot = Spot { node: *number, late, index };
                let entry = found.entry(identity).or_insert_with(|| Found { spot, role: node.role, component: *component, more: None });
                if entry.component != *component {
                    let known = entry.more.get_or_insert_with(|| sets.of(entry.component).to_vec());
                    known.iter_mut().zip(sets.of(*component)).for_each(|(all, more)| *all |= more);
                }
                if pairs.at(entry.spot).is_some_and(|known| better(diff, known)) {
                    entry.spot = spot;
                }
            }
        }
    }
    found.into_values().collect()
}

impl Pairs<'_> {
    fn at(&self, spot: Spot) -> Option<&LocalDiff> {
        let node = self.nodes.get(spot.node as usize)?;
        if spot.late { node.late.get(spot.index) } else { node.diffs.get(spot.index) }
    }

    /// Lets go of what was to be told of these pairs.
    fn forget(&mut self, nodes: std::ops::Range<u32>) {
        for node in self.nodes.get_mut(nodes.start as usize..nodes.end as usize).into_iter().flatten() {
            (node.diffs, node.late) = (Vec::new(), Vec::new());
        }
    }

    /// The difference itself, which is told once only.
    fn take(&mut self, spot: Spot) -> Option<LocalDiff> {
        let node = self.nodes.get_mut(spot.node as usize)?;
        let slot = if spot.late { node.late.get_mut(spot.index) } else { node.diffs.get_mut(spot.index) }?;
        let empty = LocalDiff { tail: None, change: String::new(), message: String::new(), witness: None, second: None, ..*slot };
        Some(std::mem::replace(slot, empty))
    }
}

/// A proof is better than none, and a certain answer than an open one.
fn better(one: &LocalDiff, than: &LocalDiff) -> bool {
    let rank = |diff: &LocalDiff| (diff.relation != Relation::Undecided, diff.witness.is_some(), !diff.tolerated);
    rank(one) > rank(than)
}

fn is_set(words: &[u64], number: u32) -> bool {
    words.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
}

/// The pairs with something to tell that calls reach, in an order in which a component's pairs stand together and parts come
/// after wholes; with the number of their component.
fn live(pairs: &Pairs<'_>, calls: &[Call]) -> Vec<(u32, u32)> {
    let is_live = |node: u32| pairs.bits(node) & bits::LIVE != 0;
    let mut roots: Vec<u32> = calls.iter().map(|call| call.node).filter(|node| is_live(*node)).collect();
    roots.sort_unstable();
    roots.dedup();
    let mut numbers: Vec<(u32, u32)> = vec![(0, 0); pairs.nodes.len()];
    let mut done = vec![false; pairs.nodes.len()];
    let (mut count, mut component, mut stack, mut order) = (0, 0, Vec::new(), Vec::new());
    for root in roots {
        if numbers.get(root as usize).is_some_and(|known| known.0 > 0) {
            continue;
        }
        let mut frames: Vec<(u32, usize)> = vec![(root, 0)];
        while let Some((node, next)) = frames.last_mut() {
            let node = *node;
            if *next == 0 {
                count += 1;
                if let Some(slot) = numbers.get_mut(node as usize) {
                    *slot = (count, count);
                }
                stack.push(node);
            }
            let edge = pairs.edges_of(node).get(*next).copied();
            *next += 1;
            if let Some(edge) = edge {
                if !is_followed(pairs, &edge) {
                    continue;
                }
                let known = numbers.get(edge.to as usize).copied().unwrap_or_default();
                if known.0 == 0 {
                    frames.push((edge.to, 0));
                } else if !done.get(edge.to as usize).copied().unwrap_or(true) {
                    lower(&mut numbers, node, known.0);
                }
                continue;
            }
            frames.pop();
            let (own, low) = numbers.get(node as usize).copied().unwrap_or_default();
            if let Some((parent, _)) = frames.last() {
                lower(&mut numbers, *parent, low);
            }
            if own == low {
                let begin = stack.iter().rposition(|id| *id == node).unwrap_or(0);
                for id in stack.split_off(begin) {
                    if let Some(slot) = done.get_mut(id as usize) {
                        *slot = true;
                    }
                    order.push((id, component));
                }
                component += 1;
            }
        }
    }
    order.reverse();
    order
}

fn lower(numbers: &mut [(u32, u32)], node: u32, to: u32) {
    if let Some(slot) = numbers.get_mut(node as usize) {
        slot.1 = slot.1.min(to);
    }
}

/// Something below it is to be told, and no sibling takes it back.
fn is_followed(pairs: &Pairs<'_>, edge: &super::pairs::Edge<'_>) -> bool {
    let known = pairs.bits(edge.to);
    let relation = known & (bits::NARROW | bits::WIDEN | bits::UNSURE);
    known & bits::LIVE != 0 && edge.kind != super::pairs::Kind::Silent && (edge.masked == 0 || relation & !edge.masked != 0)
}

/// For each component the users that reach it, as bits.
struct Sets {
    bits: Vec<u64>,
    words: usize,
}

impl Sets {
    fn of(&self, component: u32) -> &[u64] {
        let from = component as usize * self.words;
        self.bits.get(from..from + self.words).unwrap_or_default()
    }
}

/// The users of each component that has something to tell.
fn spread(pairs: &Pairs<'_>, order: &[(u32, u32)], users: usize, calls: &[Call]) -> Sets {
    let words = users.div_ceil(64);
    let components = order.iter().map(|(_, component)| *component as usize + 1).max().unwrap_or(0);
    let mut of: Vec<u32> = vec![u32::MAX; pairs.nodes.len()];
    for (node, component) in order {
        if let Some(slot) = of.get_mut(*node as usize) {
            *slot = *component;
        }
    }
    let mut sets: Vec<u64> = vec![0; components * words];
    for call in calls {
        let Some(component) = of.get(call.node as usize).filter(|component| **component != u32::MAX) else { continue };
        if let Some(word) = sets.get_mut(*component as usize * words + call.user as usize / 64) {
            *word |= 1 << (call.user % 64);
        }
    }
    for (node, component) in order {
        let from = *component as usize * words;
        for edge in pairs.edges_of(*node).iter().filter(|edge| is_followed(pairs, edge)) {
            let Some(to) = of.get(edge.to as usize).filter(|to| **to != u32::MAX && *to != component) else { continue };
            let to = *to as usize * words;
            for at in 0..words {
                let more = sets.get(from + at).copied().unwrap_or_default();
                if let Some(word) = sets.get_mut(to + at) {
                    *word |= more;
                }
            }
        }
    }
    Sets { bits: sets, words }
}

/// For each role and user: the positions, by how many calls.
type Positions = BTreeMap<u32, BTreeMap<&'static str, usize>>;

fn position_names(calls: &[Call]) -> Positions {
    let mut positions = Positions::new();
    for call in calls {
        *positions.entry(call.user).or_default().entry(call.position).or_default() += 1;
    }
    positions
}

/// The position that most of its users have, the first by name when several are as frequent.
fn position(positions: &Positions, of_role: Option<&BTreeSet<&'static str>>, users: &[u32]) -> &'static str {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for user in users {
        for (position, count) in
            positions.get(user).into_iter().flatten().filter(|(position, _)| of_role.is_some_and(|known| known.contains(*position)))
        {
            *counts.entry(position).or_default() += count;
        }
    }
    counts.into_iter().fold(("data", 0), |best, (position, count)| if count > best.1 { (position, count) } else { best }).0
}

fn difference(pairs: &Pairs<'_>, diff: LocalDiff, role: Role, position: &'static str, reach: Reach) -> Difference {
    let shapes = if diff.anchor.side == Side::Old { pairs.old.shapes } else { pairs.new.shapes };
    let mut object = shapes.object(diff.anchor.shape);
    if let Some(tail) = &diff.tail {
        object.push('/');
        object.push_str(tail);
    }
    Difference {
        rule: diff.rule,
        relation: diff.relation,
        role,
        position,
        tolerated: diff.tolerated,
        additive: diff.additive,
        object,
        change: diff.change,
        side: diff.anchor.side,
        at: shapes.get(diff.anchor.shape).at,
        message: diff.message,
        witness: diff.witness,
        reach,
        note: diff.note,
    }
}
