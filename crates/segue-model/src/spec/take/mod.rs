//! Takes the values of a tree that was found right over into types.
//!
//! Where the table lets something through that a type does not hold, [`Take::is_wrong`] says so and the reader
//! tells it as SG-SPEC-099; nothing is guessed. Tests: `tests/it/reads.rs`, `tests/it/agreement.rs`.

mod kinds;
mod program;
mod work;

use std::cell::Cell;
use std::collections::BTreeMap;

pub(super) use program::{compliance, program};

use super::node::{Kind, Node};
use super::words;
use crate::units::{Bytes, Millis};

/// Takes values over and remembers whether one did not fit.
#[derive(Default)]
pub(super) struct Take {
    wrong: Cell<bool>,
}

impl Take {
    /// Whether a table and a type disagree.
    pub(super) fn is_wrong(&self) -> bool {
        self.wrong.get()
    }

    /// That value does not fit.
    pub(super) fn wrong<T: Default>(&self) -> T {
        self.wrong.set(true);
        T::default()
    }

    /// A scalar as text; SQL and versions may be written as numbers or booleans.
    pub(super) fn scalar(&self, node: &Node) -> String {
        match &node.kind {
            Kind::Text(text) | Kind::Number(text) => text.clone(),
            Kind::Bool(value) => value.to_string(),
            _ => self.wrong(),
        }
    }

    /// The text of a key; `None` where it is left out.
    pub(super) fn text(&self, node: &Node, key: &str) -> Option<String> {
        node.get(key).map(|value| self.scalar(value))
    }

    /// The text of a required key.
    pub(super) fn must(&self, node: &Node, key: &str) -> String {
        self.text(node, key).unwrap_or_else(|| self.wrong())
    }

    /// A key's text, read further.
    pub(super) fn read<T>(&self, node: &Node, key: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = node.get(key)?;
        let value = read(&self.scalar(value));
        if value.is_none() {
            self.wrong.set(true);
        }
        value
    }

    /// A duration.
    pub(super) fn duration(&self, node: &Node, key: &str) -> Option<Millis> {
        self.read(node, key, |text| words::duration(text, false).ok())
    }

    /// A size.
    pub(super) fn size(&self, node: &Node, key: &str) -> Option<Bytes> {
        self.read(node, key, |text| words::size(text).ok())
    }

    /// A whole number.
    pub(super) fn count<T: std::str::FromStr>(&self, node: &Node, key: &str) -> Option<T> {
        self.read(node, key, |text| text.parse().ok())
    }

    /// A boolean.
    pub(super) fn flag(&self, node: &Node, key: &str) -> Option<bool> {
        match node.get(key)?.kind {
            Kind::Bool(value) => Some(value),
            _ => self.wrong(),
        }
    }

    /// The texts of a key's list.
    pub(super) fn texts(&self, node: &Node, key: &str) -> Vec<String> {
        list(node.get(key), |item| self.scalar(item))
    }

    /// Each entry of a mapping that is not null.
    pub(super) fn map<T>(&self, node: Option<&Node>, each: impl Fn(&Node) -> T) -> BTreeMap<String, T> {
        match node.map(|node| &node.kind) {
            None | Some(Kind::Null) => BTreeMap::new(),
            Some(Kind::Map(entries)) => entries.iter().map(|entry| (entry.key.clone(), each(&entry.value))).collect(),
            Some(_) => self.wrong(),
        }
    }
}

/// Each item of a list; one value stands for a list of it.
pub(super) fn list<T>(node: Option<&Node>, each: impl Fn(&Node) -> T) -> Vec<T> {
    match node.map(|node| (&node.kind, node)) {
        None | Some((Kind::Null, _)) => Vec::new(),
        Some((Kind::List(items), _)) => items.iter().map(each).collect(),
        Some((_, one)) => vec![each(one)],
    }
}
