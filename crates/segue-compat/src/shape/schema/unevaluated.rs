//! `unevaluatedProperties` and `unevaluatedItems`.
//!
//! What they refuse follows from everything beside them: where that is the same for every value, they are made
//! `additionalProperties` and `items` beside all names and items that are spoken of, and the relation needs to know no more.
//! Elsewhere they stay, and each value decides (`shape/accept/spoken.rs`). Looked at when everything was read. Tests:
//! `tests/it/shape/unevaluated.rs`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Here, Reader};
use crate::shape::{Lists, Maps, Shape, ShapeId};

/// The most names and items that are copied for all of a side, so that no document grows by its square.
pub(super) const COPIES_MAX: usize = 100_000;
/// The most shapes that one of them is looked for in.
const PARTS_MAX: usize = 1_024;

/// What the shapes in place speak of, whatever the value is.
#[derive(Default)]
struct Spoken {
    names: BTreeMap<Box<str>, ShapeId>,
    patterns: BTreeSet<(Box<str>, ShapeId)>,
    first: BTreeMap<usize, ShapeId>,
    /// Everything, by a keyword of their own.
    all_names: bool,
    all_items: bool,
    /// Which items, each value decides.
    contains: bool,
}

impl<'a> Reader<'a> {
    /// The shape of such a keyword, to be settled when everything beside it was read.
    pub(super) fn unevaluated(&mut self, here: Here<'a>, keyword: &'static str) -> Option<ShapeId> {
        let at = here.at.get(keyword).filter(|_| self.dialect.has(keyword))?;
        self.unevaluated.push(here.id);
        Some(self.child(here, at, keyword))
    }

    /// Makes those plain that say the same of every value.
    pub(super) fn settle_unevaluated(&mut self) {
        let mut waiting = std::mem::take(&mut self.unevaluated);
        waiting.dedup();
        for id in waiting {
            let (spoken, fixed) = self.spoken(id);
            let shape = self.shapes.get_mut(id);
            if let Some(maps) = &mut shape.maps {
                plain_maps(maps, &spoken, fixed);
            }
            if let Some(lists) = &mut shape.lists {
                plain_lists(lists, &spoken, fixed);
            }
        }
    }

    /// What is spoken of for every value, and whether nothing more can be.
    fn spoken(&mut self, id: ShapeId) -> (Spoken, bool) {
        let mut spoken = Spoken::default();
        let mut fixed = true;
        let mut open = vec![id];
        let mut seen = BTreeSet::new();
        while let Some(at) = open.pop() {
            if !seen.insert(at) {
                continue;
            }
            let shape = self.shapes.get(at);
            let size = |shape: &Shape| {
                let maps = shape.maps.as_ref().map_or(0, |maps| maps.properties.len() + maps.patterns.len());
                1 + maps + shape.lists.as_ref().map_or(0, |lists| lists.first.len())
            };
            let cost = if at == id { 1 } else { size(shape) };
            if cost > self.copies || seen.len() > PARTS_MAX {
                return (spoken, false);
            }
            self.copies -= cost;
            fixed &= shape.unread().is_empty();
            if let Some(maps) = &shape.maps {
                spoken.maps(maps, at == id);
                fixed &= maps.dependent_shapes.is_empty();
            }
            if let Some(lists) = &shape.lists {
                spoken.lists(lists, at == id);
            }
            open.extend(shape.reference);
            if let Some(combined) = &shape.combined {
                fixed &= combined.any_of.is_empty() && combined.one_of.is_empty() && combined.condition.is_none();
                open.extend(combined.all_of.iter().copied());
            }
        }
        (spoken, fixed)
    }
}

impl Spoken {
    fn maps(&mut self, maps: &Maps, own: bool) {
        for (name, id) in &maps.properties {
            if !self.names.contains_key(name) {
                self.names.insert(name.clone(), *id);
            }
        }
        self.patterns.extend(maps.patterns.iter().cloned());
        self.all_names |= maps.additional.is_some() || (!own && maps.unevaluated.is_some());
    }

    fn lists(&mut self, lists: &Lists, own: bool) {
        for (at, id) in lists.first.iter().enumerate() {
            self.first.entry(at).or_insert(*id);
        }
        self.all_items |= lists.items.is_some() || (!own && lists.unevaluated.is_some());
        self.contains |= lists.contains_speaks;
    }
}

/// Names that another part speaks of are declared here too, by the same shapes, so that nothing more is said of them.
fn plain_maps(maps: &mut Maps, spoken: &Spoken, fixed: bool) {
    if spoken.all_names {
        maps.unevaluated = None;
    } else if fixed && let Some(rest) = maps.unevaluated.take() {
        maps.additional = Some(rest);
        maps.properties = spoken.names.iter().map(|(name, id)| (name.clone(), *id)).collect();
        maps.patterns = spoken.patterns.iter().cloned().collect();
    }
}

fn plain_lists(lists: &mut Lists, spoken: &Spoken, fixed: bool) {
    if spoken.all_items {
        lists.unevaluated = None;
    } else if fixed
        && !spoken.contains
        && let Some(rest) = lists.unevaluated.take()
    {
        lists.items = Some(rest);
        lists.first = spoken.first.values().copied().collect();
    }
}
