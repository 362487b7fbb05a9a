//! Whether two shapes say the same, and whether they speak of the same in place.
//!
//! For what follows from everything beside it: `unevaluatedProperties`, and the branches of a condition that did not change. It
//! compares keyword by keyword and decides nothing: what is written in another way is not alike. A cycle is alike until something
//! in it differs. Never recursive, and bounded for all questions of a comparison. Tests: `tests/it/shape/unevaluated.rs`.

use std::collections::BTreeSet;

use super::fast::same_own;
use super::{Combined, Lists, Maps, Shape, ShapeId, Shapes};

/// The most pairs that one question looks at.
const PAIRS_MAX: usize = 4_096;
/// The most pairs that are looked at in all; beyond it nothing is alike.
const PAIRS_OF_ALL: usize = 400_000;

/// What is asked of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asked {
    /// All values that fit the one fit the other.
    Whole,
    /// They speak of the same properties and items of a value that fits both.
    InPlace,
}

/// How much may still be looked at.
pub(super) struct Alike {
    left: usize,
}

impl Default for Alike {
    fn default() -> Self {
        Self { left: PAIRS_OF_ALL }
    }
}

/// Pairs that are still to be looked at.
struct Open {
    pairs: Vec<(ShapeId, ShapeId, Asked)>,
    seen: BTreeSet<(ShapeId, ShapeId, Asked)>,
}

impl Alike {
    /// Certainly so; `false` says nothing.
    pub(super) fn is(&mut self, old: &Shapes, new: &Shapes, pair: (ShapeId, ShapeId), asked: Asked) -> bool {
        let mut open = Open { pairs: vec![(pair.0, pair.1, asked)], seen: BTreeSet::new() };
        while let Some(next) = open.pairs.pop() {
            if !open.seen.insert(next) {
                continue;
            }
            self.left = self.left.saturating_sub(1);
            if self.left == 0 || open.seen.len() > PAIRS_MAX {
                return false;
            }
            let (a, b) = (old.get(next.0), new.get(next.1));
            let same = match next.2 {
                Asked::Whole => same_own(a, b) && open.parts(a, b, Asked::Whole),
                Asked::InPlace => a.unread() == b.unread() && open.parts(a, b, Asked::InPlace),
            };
            if !same {
                return false;
            }
        }
        true
    }
}

impl Open {
    fn put(&mut self, pairs: impl IntoIterator<Item = (ShapeId, ShapeId)>, asked: Asked) -> bool {
        self.pairs.extend(pairs.into_iter().map(|(a, b)| (a, b, asked)));
        true
    }

    /// Both or none.
    fn maybe(&mut self, a: Option<ShapeId>, b: Option<ShapeId>, asked: Asked) -> bool {
        a.is_some() == b.is_some() && self.put(a.zip(b), asked)
    }

    fn each(&mut self, a: &[ShapeId], b: &[ShapeId], asked: Asked) -> bool {
        a.len() == b.len() && self.put(a.iter().copied().zip(b.iter().copied()), asked)
    }

    fn named(&mut self, a: &[(Box<str>, ShapeId)], b: &[(Box<str>, ShapeId)], asked: Option<Asked>) -> bool {
        let same = a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0);
        same && asked.is_none_or(|asked| self.put(a.iter().zip(b).map(|(a, b)| (a.1, b.1)), asked))
    }

    /// What stands below a pair, in place and under properties and items.
    fn parts(&mut self, a: &Shape, b: &Shape, asked: Asked) -> bool {
        let maps = match (&a.maps, &b.maps) {
            (None, None) => true,
            (Some(a), Some(b)) => self.maps(a, b, asked),
            (one, other) => asked == Asked::InPlace && one.iter().chain(other).all(|maps| speaks_of_no_name(maps)),
        };
        let lists = match (&a.lists, &b.lists) {
            (None, None) => true,
            (Some(a), Some(b)) => self.lists(a, b, asked),
            (one, other) => asked == Asked::InPlace && one.iter().chain(other).all(|lists| speaks_of_no_item(lists)),
        };
        let combined = match (&a.combined, &b.combined) {
            (None, None) => true,
            (Some(a), Some(b)) => self.combined(a, b, asked),
            _ => false,
        };
        maps && lists && combined && self.maybe(a.reference, b.reference, asked)
    }

    fn maps(&mut self, a: &Maps, b: &Maps, asked: Asked) -> bool {
        let below = (asked == Asked::Whole).then_some(asked);
        let own = asked == Asked::InPlace
            || (&a.required, a.count_min, a.count_max, &a.dependent_required)
                == (&b.required, b.count_min, b.count_max, &b.dependent_required)
                && self.maybe(a.names, b.names, asked);
        own && self.named(&a.properties, &b.properties, below)
            && self.named(&a.patterns, &b.patterns, below)
            && self.named(&a.dependent_shapes, &b.dependent_shapes, Some(asked))
            && self.rest((a.additional, b.additional), asked)
            && self.rest((a.unevaluated, b.unevaluated), asked)
    }

    fn lists(&mut self, a: &Lists, b: &Lists, asked: Asked) -> bool {
        let whole = asked == Asked::Whole;
        let own =
            !whole || (a.count_min, a.count_max, a.unique) == (b.count_min, b.count_max, b.unique) && self.each(&a.first, &b.first, asked);
        let counts = |lists: &Lists| lists.contains.map(|(_, least, most)| (least, most)).filter(|_| whole);
        let contains = a.contains_speaks == b.contains_speaks && counts(a) == counts(b);
        own && a.first.len() == b.first.len()
            && contains
            && self.maybe(a.contains.map(|one| one.0), b.contains.map(|one| one.0), Asked::Whole)
            && self.rest((a.items, b.items), asked)
            && self.rest((a.unevaluated, b.unevaluated), asked)
    }

    /// What a shape says of the rest speaks of all of it.
    fn rest(&mut self, (a, b): (Option<ShapeId>, Option<ShapeId>), asked: Asked) -> bool {
        if asked == Asked::Whole { self.maybe(a, b, asked) } else { a.is_some() == b.is_some() }
    }

    fn combined(&mut self, a: &Combined, b: &Combined, asked: Asked) -> bool {
        let not = asked == Asked::InPlace || self.maybe(a.not, b.not, asked);
        let condition = match (&a.condition, &b.condition) {
            (None, None) => true,
            // Which branch is meant must be the same; what it speaks of then, as everything else.
            (Some(a), Some(b)) => {
                self.put([(a.when, b.when)], Asked::Whole)
                    && self.maybe(a.then, b.then, asked)
                    && self.maybe(a.otherwise, b.otherwise, asked)
            }
            _ => false,
        };
        not && condition
            && self.each(&a.all_of, &b.all_of, asked)
            && self.each(&a.any_of, &b.any_of, Asked::Whole)
            && self.each(&a.one_of, &b.one_of, Asked::Whole)
    }
}

fn speaks_of_no_name(maps: &Maps) -> bool {
    maps.properties.is_empty()
        && maps.patterns.is_empty()
        && maps.additional.is_none()
        && maps.unevaluated.is_none()
        && maps.dependent_shapes.is_empty()
}

fn speaks_of_no_item(lists: &Lists) -> bool {
    lists.first.is_empty() && lists.items.is_none() && lists.unevaluated.is_none() && lists.contains.is_none()
}
