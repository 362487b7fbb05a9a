//! What a shape speaks of in place, for what is left to `unevaluatedProperties` and `unevaluatedItems`.
//!
//! A shape that fits speaks of what its own keywords look at, its references, and those of its combinations that fit (JSON Schema
//! 2020-12, core, 11). It must answer nothing where one of them could not be decided. Tests: `tests/it/shape/unevaluated.rs`,
//! `tests/it/shape/random.rs`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{DEPTH_MAX, One, PATTERN_STEPS, all};
use crate::shape::{Combined, Lists, Maps, Shape, ShapeId};

/// What was spoken of.
#[derive(Default)]
struct Spoken<'v> {
    all: bool,
    names: BTreeSet<&'v str>,
    /// So many items from the first on.
    first: usize,
    items: BTreeSet<usize>,
}

impl<'x> One<'x, '_> {
    /// What nothing spoke of fits what is said of it. Only for a value that fits everything else.
    pub(super) fn rest(&self, shape: &Shape) -> Option<bool> {
        let mut said = Spoken::default();
        match self.asked.value {
            Value::Object(entries) => {
                let Some(id) = shape.maps.as_ref().and_then(|maps| maps.unevaluated) else { return Some(true) };
                self.speaks(shape, true, &mut said)?;
                let left = entries.iter().filter(|(name, _)| !said.all && !said.names.contains(name.as_str()));
                all(left.map(|(_, value)| self.inner(id, value)))
            }
            Value::Array(items) => {
                let Some(id) = shape.lists.as_ref().and_then(|lists| lists.unevaluated) else { return Some(true) };
                self.speaks(shape, true, &mut said)?;
                let left = items.iter().enumerate().filter(|(at, _)| !said.all && *at >= said.first && !said.items.contains(at));
                all(left.map(|(_, item)| self.inner(id, item)))
            }
            _ => Some(true),
        }
    }

    fn speaks_below(&self, id: ShapeId, said: &mut Spoken<'x>) -> Option<()> {
        let below = One { judge: self.judge, patterns: self.patterns, asked: self.asked, depth: self.depth + 1 };
        below.speaks(self.judge.shapes.get(id), false, said)
    }

    /// `own`: it is the shape whose rest is asked for.
    fn speaks(&self, shape: &Shape, own: bool, said: &mut Spoken<'x>) -> Option<()> {
        self.judge.spend(0)?;
        if said.all {
            return Some(());
        }
        if self.depth > DEPTH_MAX || !shape.unread().is_empty() {
            return None;
        }
        match (self.asked.value, &shape.maps, &shape.lists) {
            (Value::Object(_), Some(maps), _) => self.names(maps, own, said)?,
            (Value::Array(items), _, Some(lists)) => self.items(lists, items, own, said)?,
            _ => {}
        }
        if let Some(id) = shape.reference {
            self.speaks_below(id, said)?;
        }
        shape.combined.as_ref().map_or(Some(()), |combined| self.combinations(combined, said))
    }

    fn names(&self, maps: &Maps, own: bool, said: &mut Spoken<'x>) -> Option<()> {
        let Value::Object(entries) = self.asked.value else { return Some(()) };
        said.all |= maps.additional.is_some() || (!own && maps.unevaluated.is_some());
        self.judge.spend(entries.len() / 16 + PATTERN_STEPS * maps.patterns.len() * entries.len())?;
        for name in entries.keys() {
            let mut found = maps.properties.binary_search_by(|(known, _)| known.as_ref().cmp(name)).is_ok();
            for (pattern, _) in &maps.patterns {
                found = found || self.patterns.get(pattern)?.is_found(name);
            }
            if found {
                said.names.insert(name);
            }
        }
        let asked = maps.dependent_shapes.iter().filter(|(name, _)| entries.contains_key(name.as_ref()));
        asked.map(|(_, id)| *id).try_for_each(|id| self.speaks_below(id, said))
    }

    fn items(&self, lists: &Lists, items: &[Value], own: bool, said: &mut Spoken<'x>) -> Option<()> {
        said.all |= lists.items.is_some() || (!own && lists.unevaluated.is_some());
        said.first = said.first.max(lists.first.len());
        let Some((id, ..)) = lists.contains.filter(|_| lists.contains_speaks) else { return Some(()) };
        for (at, item) in items.iter().enumerate() {
            if self.inner(id, item)? {
                said.items.insert(at);
            }
        }
        Some(())
    }

    fn combinations(&self, combined: &Combined, said: &mut Spoken<'x>) -> Option<()> {
        for id in &combined.all_of {
            self.speaks_below(*id, said)?;
        }
        for id in combined.any_of.iter().chain(combined.one_of.iter()) {
            if self.also(*id)? {
                self.speaks_below(*id, said)?;
            }
        }
        let Some(condition) = &combined.condition else { return Some(()) };
        let branch = if self.also(condition.when)? {
            self.speaks_below(condition.when, said)?;
            condition.then
        } else {
            condition.otherwise
        };
        branch.map_or(Some(()), |id| self.speaks_below(id, said))
    }
}
