//! Makes values: examples of a conjunction, and wholes around a part, from which witnesses are taken.
//!
//! Nothing made here is believed: whoever uses a value has it judged by `accept.rs` first. Bounded in depth and in work over a
//! whole comparison, so that a large document only gets fewer witnesses. Tests: `tests/it/shape/relation.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::check::Side;
use serde_json::{Map, Value, json};

use super::format;
use super::limits;
use super::pairs::{Pairs, Part};
use super::pattern::{Found, Want, find_text};
use super::view::{ConjId, View};
use super::{ShapeId, Types};

/// How deep an example is.
const DEPTH_MAX: u32 = 10;
/// The most work of all examples together.
const WORK_MAX: u64 = 3_000_000;
/// The most properties or items of an example.
const WIDTH_MAX: u64 = 400;

/// What was made before.
#[derive(Default)]
pub(super) struct Made {
    known: BTreeMap<(Side, ConjId), Option<Value>>,
    open: BTreeSet<(Side, ConjId)>,
    work: u64,
}

/// The types one by one, the most telling first.
const KINDS: [Types; 7] = [Types::OBJECT, Types::ARRAY, Types::STRING, Types::INTEGER, Types::FRACTION, Types::BOOLEAN, Types::NULL];

impl<'a> Pairs<'a> {
    fn spend(&mut self, work: u64) -> Option<()> {
        self.made.work += work;
        (self.made.work <= WORK_MAX).then_some(())
    }

    /// A value that fits, if one is found easily.
    pub(super) fn example(&mut self, side: Side, conj: ConjId, depth: u32) -> Option<Value> {
        if let Some(known) = self.made.known.get(&(side, conj)) {
            return known.clone();
        }
        if depth > DEPTH_MAX || !self.made.open.insert((side, conj)) {
            return None;
        }
        let example = self.samples(side, conj, 1, depth).into_iter().next();
        self.made.open.remove(&(side, conj));
        if example.is_some() || depth == 0 {
            self.made.known.insert((side, conj), example.clone());
        }
        example
    }

    /// Some values that fit, different from each other.
    pub(super) fn samples(&mut self, side: Side, conj: ConjId, most: usize, depth: u32) -> Vec<Value> {
        let view = self.arena(side).view(conj);
        let mut samples = Vec::new();
        if self.spend(4 + view.parts.len() as u64).is_none() {
            return samples;
        }
        if let Some(members) = &view.members {
            for member in members.iter().take(64.max(most)) {
                self.keep(side, conj, member.json(), &mut samples);
                if samples.len() >= most {
                    break;
                }
            }
            return samples;
        }
        if let Some(group) = view.groups.first() {
            for (index, _) in group.members.iter().take(12.max(most)) {
                let one = self.arena(side).chosen(conj, (group.owner, group.exclusive, *index));
                if self.arena(side).key(one).chosen.len() > 6 {
                    return samples;
                }
                for value in self.samples(side, one, most.div_ceil(2), depth + 1) {
                    self.keep(side, conj, value, &mut samples);
                }
                if samples.len() >= most {
                    break;
                }
            }
            return samples;
        }
        for kind in KINDS {
            if !view.types.meets(kind) || samples.len() >= most {
                continue;
            }
            for value in self.of_kind(side, &view, kind, most, depth) {
                self.keep(side, conj, value, &mut samples);
                if samples.len() >= most {
                    break;
                }
            }
        }
        samples
    }

    fn keep(&mut self, side: Side, conj: ConjId, value: Value, samples: &mut Vec<Value>) {
        let affordable = self.spend(1).is_some();
        if affordable && !samples.contains(&value) && self.fits(side, conj, &value) == Some(true) {
            samples.push(value);
        }
    }

    /// Candidates of one kind; not yet judged.
    pub(super) fn of_kind(&mut self, side: Side, view: &View<'a>, kind: Types, most: usize, depth: u32) -> Vec<Value> {
        match kind {
            Types::NULL => vec![Value::Null],
            Types::BOOLEAN => vec![json!(true), json!(false)],
            Types::INTEGER | Types::FRACTION => {
                limits::Range::of(view, self.options).samples(kind == Types::INTEGER).into_iter().map(super::Number::json).collect()
            }
            Types::STRING => self.texts(view, most),
            Types::ARRAY => self.lists(side, view, None, depth).into_iter().collect(),
            _ => {
                let mut made: Vec<Value> = self.map(side, view, &[], depth).into_iter().collect();
                if most > 1 && depth <= 2 {
                    let names: Vec<&'a str> =
                        view.maps.iter().flat_map(|(_, maps)| &maps.properties).map(|(name, _)| name.as_ref()).collect();
                    for name in names.iter().take(most) {
                        made.extend(self.map(side, view, &[name], depth));
                    }
                    let fresh = fresh_name(view, None);
                    let mut with = made.first().cloned();
                    if let Some(Value::Object(entries)) = &mut with {
                        entries.insert(fresh, json!(true));
                    }
                    made.extend(with);
                }
                made
            }
        }
    }

    fn texts(&mut self, view: &View<'a>, most: usize) -> Vec<Value> {
        let mut texts: Vec<Value> = Vec::new();
        for format in view.texts.iter().filter_map(|(_, texts)| texts.format.as_deref()) {
            texts.extend(format::sample(format).map(|text| json!(text)));
            texts.extend(format::samples(format).iter().map(|text| json!(text)));
        }
        let (least, longest) = limits::lengths(view);
        texts.extend(self.text(view, least, longest, None).map(Value::String));
        if most > 1 {
            if let Some(longest) = longest.filter(|longest| *longest <= 4_096) {
                texts.extend(self.text(view, longest, Some(longest), None).map(Value::String));
            }
            texts.extend(["", "a", "A1", "not a format", "0"].iter().map(|text| json!(text)));
        }
        texts
    }

    /// A text that all expressions find, between two lengths, and that one more does not find.
    pub(super) fn text(&mut self, view: &View<'a>, least: u64, longest: Option<u64>, without: Option<&str>) -> Option<String> {
        match self.search(view, least, longest, without) {
            Found::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The same with what is known when there is none.
    pub(super) fn search(&mut self, view: &View<'a>, least: u64, longest: Option<u64>, without: Option<&str>) -> Found {
        let patterns: BTreeSet<&str> = view.texts.iter().flat_map(|(_, texts)| &texts.patterns).map(AsRef::as_ref).collect();
        let with: Option<Vec<_>> = patterns.iter().map(|pattern| self.patterns.get(pattern)).collect();
        let without = match without {
            Some(pattern) => match self.patterns.get(pattern) {
                Some(pattern) => Some(pattern),
                None => return Found::GaveUp,
            },
            None => None,
        };
        let Some(with) = with else { return Found::GaveUp };
        if self.spend(if with.is_empty() && without.is_none() { 1 } else { 400 }).is_none() {
            return Found::GaveUp;
        }
        find_text(&Want { with, without, length_min: least, length_max: longest })
    }

    /// A list with the fewest items, and this one at that index.
    pub(super) fn lists(&mut self, side: Side, view: &View<'a>, with: Option<(u32, &Value)>, depth: u32) -> Option<Value> {
        let least = view.lists.iter().map(|(_, lists)| lists.count_min).max().unwrap_or_default();
        let contains: Vec<_> = view.lists.iter().filter_map(|(_, lists)| lists.contains).collect();
        let least = contains.iter().map(|(_, least, _)| *least).fold(least, u64::max);
        let least = least.max(with.map_or(0, |(index, _)| u64::from(index) + 1));
        if least > WIDTH_MAX {
            return None;
        }
        let unique = view.lists.iter().any(|(_, lists)| lists.unique);
        let mut items: Vec<Value> = Vec::new();
        for index in 0..least as usize {
            if let Some((_, value)) = with.filter(|(at, _)| *at as usize == index) {
                items.push(value.clone());
                continue;
            }
            let mut ids = item_ids(view, index);
            ids.extend(contains.iter().map(|(id, ..)| *id));
            let conj = self.arena(side).all(&ids);
            let item = if unique {
                let samples = self.samples(side, conj, least as usize + 1, depth + 1);
                samples.into_iter().find(|sample| !items.contains(sample) && with.is_none_or(|(_, value)| value != sample))?
            } else {
                self.example(side, conj, depth + 1)?
            };
            items.push(item);
        }
        Some(Value::Array(items))
    }

    /// A map with what is required, and these properties.
    pub(super) fn map(&mut self, side: Side, view: &View<'a>, also: &[&str], depth: u32) -> Option<Value> {
        let required: usize = view.maps.iter().map(|(_, maps)| maps.required.len()).sum();
        if required as u64 > WIDTH_MAX {
            return None;
        }
        let mut entries = Map::new();
        let mut open: Vec<String> = also.iter().map(|name| (*name).to_owned()).collect();
        open.extend(view.maps.iter().flat_map(|(_, maps)| &maps.required).map(ToString::to_string));
        let least = view.maps.iter().map(|(_, maps)| maps.count_min).max().unwrap_or_default();
        if least > WIDTH_MAX || open.len() as u64 > WIDTH_MAX {
            return None;
        }
        let mut spare: Vec<&'a str> = if least > open.len() as u64 {
            view.maps.iter().flat_map(|(_, maps)| &maps.properties).map(|(name, _)| name.as_ref()).collect()
        } else {
            Vec::new()
        };
        let mut extra = 0;
        loop {
            while let Some(name) = open.pop() {
                if entries.contains_key(&name) {
                    continue;
                }
                let ids = self.property_ids(side, view, &name);
                let conj = self.arena(side).all(&ids);
                let value = self.example(side, conj, depth + 1)?;
                for (_, maps) in &view.maps {
                    let others = maps.dependent_required.iter().filter(|(when, _)| when.as_ref() == name).flat_map(|(_, others)| others);
                    open.extend(others.map(ToString::to_string));
                }
                entries.insert(name, value);
            }
            if entries.len() as u64 >= least {
                return Some(Value::Object(entries));
            }
            if let Some(name) = spare.pop() {
                open.push(name.to_owned());
            } else {
                extra += 1;
                open.push(format!("p{extra}"));
            }
            self.spend(1)?;
        }
    }

    /// A map with what is required, and one property of that value.
    pub(super) fn map_with(&mut self, side: Side, view: &View<'a>, name: &str, value: &Value) -> Option<Value> {
        let mut made = match self.map(side, view, &[], 0) {
            Some(Value::Object(entries)) => entries,
            _ => self.map_but(side, view, name)?,
        };
        made.insert(name.to_owned(), value.clone());
        Some(Value::Object(made))
    }

    /// The required properties but one, whose example cannot be made.
    fn map_but(&mut self, side: Side, view: &View<'a>, but: &str) -> Option<Map<String, Value>> {
        let mut made = Map::new();
        let names: Vec<&'a str> = view.maps.iter().flat_map(|(_, maps)| &maps.required).map(AsRef::as_ref).collect();
        for name in names.into_iter().filter(|name| *name != but).take(WIDTH_MAX as usize) {
            let ids = self.property_ids(side, view, name);
            let conj = self.arena(side).all(&ids);
            made.insert(name.to_owned(), self.example(side, conj, 1)?);
        }
        Some(made)
    }

    /// The shapes that a property of that name must fit.
    pub(super) fn property_ids(&mut self, _side: Side, view: &View<'a>, name: &str) -> Vec<ShapeId> {
        let mut ids = Vec::new();
        for (_, maps) in &view.maps {
            let before = ids.len();
            let declared = maps.properties.binary_search_by(|(known, _)| known.as_ref().cmp(name)).ok();
            ids.extend(declared.and_then(|at| maps.properties.get(at)).map(|(_, id)| *id));
            let affordable = maps.patterns.is_empty() || self.spend(maps.patterns.len() as u64).is_some();
            self.looked_past |= !affordable;
            for (pattern, id) in maps.patterns.iter().filter(|_| affordable) {
                if self.patterns.get(pattern).is_some_and(|pattern| pattern.is_found(name)) {
                    ids.push(*id);
                }
            }
            if ids.len() == before {
                ids.extend(maps.additional);
            }
        }
        ids
    }

    /// The whole around a part.
    pub(super) fn whole(&mut self, side: Side, conj: ConjId, part: Part<'_>, value: Value) -> Option<Value> {
        match part {
            Part::Same => Some(value),
            Part::Other => None,
            Part::Name => {
                let view = self.arena(side).view(conj);
                let name = value.as_str()?.to_owned();
                let ids = self.property_ids(side, &view, &name);
                let inner = self.arena(side).all(&ids);
                let value = self.example(side, inner, 1)?;
                self.map_with(side, &view, &name, &value)
            }
            Part::Property(name) => {
                let view = self.arena(side).view(conj);
                self.map_with(side, &view, name, &value)
            }
            Part::Additional => {
                let view = self.arena(side).view(conj);
                let name = fresh_name(&view, None);
                self.map_with(side, &view, &name, &value)
            }
            Part::Item(index) => {
                let view = self.arena(side).view(conj);
                self.lists(side, &view, Some((index, &value)), 0)
            }
        }
    }
}

/// The shapes that an item must fit.
pub(super) fn item_ids(view: &View<'_>, index: usize) -> Vec<ShapeId> {
    view.lists.iter().filter_map(|(_, lists)| lists.first.get(index).copied().or(lists.items)).collect()
}

impl<'a> Pairs<'a> {
    /// The most items that a list can have: by its count, or because no further item fits.
    pub(super) fn most_items(&mut self, side: Side, view: &View<'a>) -> Option<u64> {
        let mut most: Option<u64> = None;
        for (_, lists) in &view.lists {
            let ends = lists.items.is_some_and(|id| self.arena(side).types_of(id) == Types::NONE);
            for limit in lists.count_max.into_iter().chain(ends.then_some(lists.first.len() as u64)) {
                most = Some(most.map_or(limit, |known| known.min(limit)));
            }
        }
        most
    }
}

/// A name that nothing declares.
pub(super) fn fresh_name(a: &View<'_>, b: Option<&View<'_>>) -> String {
    let declared = |name: &str| {
        a.maps
            .iter()
            .chain(b.into_iter().flat_map(|view| &view.maps))
            .any(|(_, maps)| maps.properties.binary_search_by(|(known, _)| known.as_ref().cmp(name)).is_ok())
    };
    let mut name = "extra".to_owned();
    let mut count = 0;
    while declared(&name) {
        count += 1;
        name = format!("extra{count}");
    }
    name
}
