//! A place in the document: its value, its path, and which values were taken over into a key of their own.
//!
//! What nobody took becomes a fact, so that no value is lost. Tests: `tests/it/planner_json.rs`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::spec::amounts;
use crate::spec::node::{Kind, Node};

/// The paths that were taken over.
#[derive(Default)]
pub(super) struct Taken(RefCell<BTreeSet<String>>);

/// A value with its path.
#[derive(Clone)]
pub(super) struct Cursor<'n> {
    pub(super) node: &'n Node,
    pub(super) path: String,
    taken: &'n Taken,
}

impl<'n> Cursor<'n> {
    /// The whole document.
    pub(super) fn new(node: &'n Node, taken: &'n Taken) -> Self {
        Self { node, path: String::new(), taken }
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        self.node.get(key).map(|node| Self { node, path, taken: self.taken })
    }

    /// The value behind several keys.
    pub(super) fn at(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self.clone(), |place, key| place.get(key))
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Vec<Self> {
        let Kind::List(items) = &self.node.kind else { return Vec::new() };
        let item = |(index, node)| Self { node, path: format!("{}[{index}]", self.path), taken: self.taken };
        items.iter().enumerate().map(item).collect()
    }

    /// The entries of an object that is not the whole document, by key.
    pub(super) fn entries(&self) -> Vec<(&'n str, Self)> {
        let Kind::Map(entries) = &self.node.kind else { return Vec::new() };
        let place = |key: &str, node| Self { node, path: format!("{}.{key}", self.path), taken: self.taken };
        entries.iter().map(|entry| (entry.key.as_str(), place(&entry.key, &entry.value))).collect()
    }

    /// The items of the list behind a key.
    pub(super) fn list(&self, key: &str) -> Vec<Self> {
        self.get(key).map(|list| list.items()).unwrap_or_default()
    }

    /// It has a key of its own in the spec.
    pub(super) fn take(&self) {
        self.taken.0.borrow_mut().insert(self.path.clone());
    }

    /// As text, without taking it.
    pub(super) fn shown(&self) -> Option<String> {
        match &self.node.kind {
            Kind::Text(text) | Kind::Number(text) => Some(text.clone()),
            Kind::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }

    /// Takes it as text.
    pub(super) fn text(&self) -> Option<String> {
        self.take();
        self.shown()
    }

    /// Takes the text of a key.
    pub(super) fn text_of(&self, key: &str) -> Option<String> {
        self.get(key)?.text()
    }

    /// Takes the number of a key, with so many decimals, in units of the last one: what is finer is rounded up.
    pub(super) fn number_of(&self, key: &str, places: usize) -> Option<u64> {
        let value = self.get(key)?;
        value.take();
        value.number(places)
    }

    /// A number with so many decimals, in units of the last one, rounded up, without taking it.
    pub(super) fn number(&self, places: usize) -> Option<u64> {
        self.millionths().map(|millionths| millionths.div_ceil(10_u64.pow(6 - places.min(6) as u32)))
    }

    /// A number in millionths.
    pub(super) fn millionths(&self) -> Option<u64> {
        amounts::decimal(&self.shown()?, 6)
    }

    /// Takes the boolean of a key.
    pub(super) fn flag_of(&self, key: &str) -> Option<bool> {
        let value = self.get(key)?;
        value.take();
        if let Kind::Bool(value) = value.node.kind { Some(value) } else { None }
    }

    /// All that nobody took, below this place: path → value as text.
    pub(super) fn facts(&self, facts: &mut BTreeMap<String, String>) {
        match &self.node.kind {
            Kind::Map(entries) if !entries.is_empty() => {
                for (key, value) in entries.iter().map(|entry| (&entry.key, &entry.value)) {
                    let path = if self.path.is_empty() { key.clone() } else { format!("{}.{key}", self.path) };
                    Self { node: value, path, taken: self.taken }.facts(facts);
                }
            }
            Kind::List(items) if !items.is_empty() => self.items().iter().for_each(|item| item.facts(facts)),
            _ if self.taken.0.borrow().contains(&self.path) => {}
            _ => drop(facts.insert(self.path.clone(), self.shown().unwrap_or_default())),
        }
    }
}
