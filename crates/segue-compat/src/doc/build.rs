//! Builds the arena from a flat run of events, without recursion.

use std::sync::Arc;

use super::{BYTES_OF_WEIGHT, DEPTH_MAX, Doc, Entry, Kind, NODES_MAX, Node, NodeId, Stop, WEIGHT_OF_ANY, WEIGHT_OF_PARTS, Words};
use crate::source::Span;

/// A map that is small enough to be walked.
pub(super) const NO_ORDER: u32 = u32::MAX;
const WALKED_MAX: u32 = 12;

/// What is said of a file with too many.
pub(super) const TOO_MANY: &str = "more lists, maps and values than are read of a file of this size, aliases counted";

/// The most keys of a file that stand twice. Each is told of, and who wrote a hundred thousand of them wrote no map.
const TWICE_MAX: usize = 100_000;
/// What is said of a file with more.
pub(super) const TOO_MANY_TWICE: &str = "more keys that stand twice than are read";

struct Open {
    start: usize,
    is_map: bool,
    /// Where its values begin on the stack.
    base: usize,
    /// What aliases in it stand for.
    weight: usize,
}

/// What is being built.
pub(super) struct Build {
    doc: Doc,
    open: Vec<Open>,
    values: Vec<NodeId>,
    /// Keys of open maps, one for each value that is there or comes.
    keys: Vec<(Words, Span)>,
    key_bases: Vec<usize>,
    weight: usize,
    weight_max: usize,
    weights: std::collections::BTreeMap<NodeId, usize>,
    remember: bool,
}

impl Build {
    /// `aliases`: the weight of what is built is remembered, for aliases to it.
    pub(super) fn new(text: &str, aliases: bool) -> Self {
        let doc = Doc {
            text: Arc::from(text),
            nodes: Vec::with_capacity(text.len() / 24),
            children: Vec::new(),
            entries: Vec::with_capacity(text.len() / 48),
            orders: Vec::new(),
            owned: Vec::new(),
            twice: Vec::new(),
            root: NodeId(0),
        };
        Self {
            doc,
            open: Vec::new(),
            values: Vec::new(),
            keys: Vec::new(),
            key_bases: Vec::new(),
            weight: 0,
            weight_max: (text.len() / BYTES_OF_WEIGHT).clamp(WEIGHT_OF_ANY, NODES_MAX),
            weights: std::collections::BTreeMap::new(),
            remember: aliases,
        }
    }

    pub(super) fn own(&mut self, text: String) -> Words {
        self.doc.owned.push(text.into_boxed_str());
        Words::Owned(self.doc.owned.len() as u32 - 1)
    }

    pub(super) fn in_map(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_map)
    }

    /// In a map: a value must come next.
    pub(super) fn owes_value(&self) -> bool {
        let Some(open) = self.open.last() else { return false };
        let keys = self.keys.len() - self.key_bases.last().copied().unwrap_or(0);
        open.is_map && keys > self.values.len() - open.base
    }

    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) fn key(&mut self, words: Words, span: Span) {
        self.keys.push((words, span));
    }

    fn spend(&mut self, weight: usize, at: Span) -> Result<(), Stop> {
        self.weight = self.weight.saturating_add(weight);
        if self.weight > self.weight_max {
            return Err(Stop { at, what: TOO_MANY.to_owned() });
        }
        Ok(())
    }

    pub(super) fn leaf(&mut self, span: Span, leaf: Leaf) -> Result<NodeId, Stop> {
        let kind = match leaf {
            Leaf::Null => Kind::Null,
            Leaf::Bool(is) => Kind::Bool(is),
            Leaf::Number(words) => Kind::Number(words),
            Leaf::Text(words) => Kind::Text(words),
        };
        self.push(Node { span, kind })
    }

    fn push(&mut self, node: Node) -> Result<NodeId, Stop> {
        let weight = if matches!(node.kind, Kind::List { .. } | Kind::Map { .. }) { WEIGHT_OF_PARTS } else { 1 };
        self.spend(weight, node.span)?;
        let id = NodeId(self.doc.nodes.len() as u32);
        self.doc.nodes.push(node);
        self.values.push(id);
        Ok(id)
    }

    /// An alias: the same value once more, and its weight again.
    pub(super) fn alias(&mut self, id: NodeId, at: Span) -> Result<(), Stop> {
        let weight = self.weights.get(&id).copied().unwrap_or(1);
        self.spend(weight, at)?;
        self.values.push(id);
        Ok(())
    }

    pub(super) fn begin(&mut self, start: usize, is_map: bool) -> Result<(), Stop> {
        if self.open.len() >= DEPTH_MAX {
            let at = Span::new(start, start + 1);
            return Err(Stop { at, what: format!("more than {DEPTH_MAX} levels of nesting") });
        }
        if is_map {
            self.key_bases.push(self.keys.len());
        }
        self.open.push(Open { start, is_map, base: self.values.len(), weight: self.weight });
        Ok(())
    }

    pub(super) fn end(&mut self, end: usize) -> Result<NodeId, Stop> {
        let Some(open) = self.open.pop() else {
            return Err(Stop { at: Span::new(end, end), what: "an end without a beginning".to_owned() });
        };
        let span = Span::new(open.start, end);
        let values = self.values.split_off(open.base);
        let kind = if open.is_map { self.map(values) } else { self.list(&values) };
        if self.doc.twice.len() > TWICE_MAX {
            return Err(Stop { at: self.doc.twice.last().map_or(span, |(_, at)| *at), what: TOO_MANY_TWICE.to_owned() });
        }
        let id = self.push(Node { span, kind })?;
        let inside = self.weight - open.weight;
        self.weights_of(id, inside);
        Ok(id)
    }

    /// Only YAML has aliases, and only what is large is worth remembering.
    fn weights_of(&mut self, id: NodeId, weight: usize) {
        if weight > 1 && self.remember {
            self.weights.insert(id, weight);
        }
    }

    fn list(&mut self, values: &[NodeId]) -> Kind {
        let first = self.doc.children.len() as u32;
        self.doc.children.extend_from_slice(values);
        Kind::List { first, count: values.len() as u32 }
    }

    fn map(&mut self, values: Vec<NodeId>) -> Kind {
        let base = self.key_bases.pop().unwrap_or(0);
        let keys = self.keys.split_off(base);
        let first = self.doc.entries.len() as u32;
        let count = values.len().min(keys.len()) as u32;
        self.doc.entries.extend(keys.into_iter().zip(values).map(|((key, key_span), node)| Entry { key, key_span, node }));
        let count = if self.remember { self.merge(first, count) } else { count };
        let order = if count > WALKED_MAX { self.order(first, count) } else { NO_ORDER };
        self.find_twice(first, count, order);
        Kind::Map { first, count, order }
    }

    /// `<<: *x`: the entries of what it names, where the map has no key of that name.
    fn merge(&mut self, first: u32, count: u32) -> u32 {
        let range = first as usize..(first + count) as usize;
        let Some(at) = self.doc.entries[range.clone()].iter().position(|entry| self.doc.words(entry.key) == "<<") else { return count };
        let merged = self.doc.at(self.doc.entries[first as usize + at].node);
        let maps: Vec<_> = if merged.is_map() { vec![merged] } else { merged.items().filter(|item| item.is_map()).collect() };
        if maps.is_empty() {
            return count;
        }
        let mut own = self.doc.entries[range].to_vec();
        own.remove(at);
        let mut names: std::collections::BTreeSet<&str> = own.iter().map(|entry| self.doc.words(entry.key)).collect();
        for entry in maps.iter().flat_map(|map| map.raw_entries()) {
            if names.insert(self.doc.words(entry.key)) {
                own.push(*entry);
            }
        }
        let count = own.len() as u32;
        self.doc.entries.truncate(first as usize);
        self.doc.entries.extend(own);
        count
    }

    fn order(&mut self, first: u32, count: u32) -> u32 {
        let mut order: Vec<u32> = (0..count).collect();
        let key = |at: u32| self.doc.words(self.doc.entries[(first + at) as usize].key);
        order.sort_by(|a, b| key(*a).cmp(key(*b)).then(a.cmp(b)));
        let begins = self.doc.orders.len() as u32;
        self.doc.orders.extend(order);
        begins
    }

    fn find_twice(&mut self, first: u32, count: u32, order: u32) {
        let entry = |at: u32| &self.doc.entries[(first + at) as usize];
        let mut twice = Vec::new();
        if order == NO_ORDER {
            for later in 1..count {
                let key = self.doc.words(entry(later).key);
                if (0..later).any(|at| self.doc.words(entry(at).key) == key) {
                    twice.push((key.to_owned(), entry(later).key_span));
                }
            }
        } else {
            for pair in self.doc.orders[order as usize..(order + count) as usize].windows(2) {
                let key = self.doc.words(entry(pair[1]).key);
                if self.doc.words(entry(pair[0]).key) == key && twice.len() <= TWICE_MAX {
                    twice.push((key.to_owned(), entry(pair[1]).key_span));
                }
            }
        }
        self.doc.twice.extend(twice);
    }

    pub(super) fn finish(mut self) -> Doc {
        self.doc.root = self.values.first().copied().unwrap_or(NodeId(0));
        self.doc.nodes.shrink_to_fit();
        self.doc.entries.shrink_to_fit();
        self.doc
    }

    pub(super) fn has_root(&self) -> bool {
        self.open.is_empty() && !self.values.is_empty()
    }
}

/// A value without values in it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Leaf {
    Null,
    Bool(bool),
    Number(Words),
    Text(Words),
}
