//! JSON and YAML as one arena of values that know their bytes.
//!
//! Large documents stay small: a value is a few words, a text without escapes is a range of the file. Readers never recurse,
//! and are bounded in depth and in what aliases stand for. Numbers keep their text, so that no digit is lost. A key that
//! stands twice keeps both; the last is found, as in JSON, and [`Doc::twice`] tells of it. Tests: each reader's own,
//! `tests/it/doc.rs`.

mod build;
mod json;
mod yaml;

use std::sync::Arc;

use crate::source::Span;

/// The most levels of nesting.
pub const DEPTH_MAX: usize = 512;
/// The most that the values of a file weigh, what aliases stand for included.
pub const NODES_MAX: usize = 16_000_000;
/// So much is read of a small file too.
const WEIGHT_OF_ANY: usize = 1_410_000;
/// Beyond it so many bytes may weigh one: public documents have names and sentences, and what is made to exhaust its reader
/// has maps of a few bytes, each of which costs hundreds in a model.
const BYTES_OF_WEIGHT: usize = 8;
/// A list or a map weighs as much as so many texts or numbers.
const WEIGHT_OF_PARTS: usize = 4;

/// The number of a value in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// Which of the values of its document, from 0.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A text: a range of the file, or one that had escapes.
#[derive(Debug, Clone, Copy)]
enum Words {
    Slice(Span),
    Owned(u32),
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Null,
    Bool(bool),
    Number(Words),
    Text(Words),
    List { first: u32, count: u32 },
    Map { first: u32, count: u32, order: u32 },
}

#[derive(Debug, Clone, Copy)]
struct Node {
    span: Span,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    key: Words,
    key_span: Span,
    node: NodeId,
}

/// A document that was read.
#[derive(Debug, Clone)]
pub struct Doc {
    text: Arc<str>,
    nodes: Vec<Node>,
    children: Vec<NodeId>,
    entries: Vec<Entry>,
    /// For each large map: its entries in the order of their keys.
    orders: Vec<u32>,
    owned: Vec<Box<str>>,
    twice: Vec<(String, Span)>,
    root: NodeId,
}

/// Why a text could not be read: a sentence without any text of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Where.
    pub at: Span,
    /// What is wrong.
    pub what: String,
}

/// A value as its reader sees it.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number by its text.
    Number(&'a str),
    /// A text.
    Text(&'a str),
    /// A list.
    List(&'a [NodeId]),
    /// A map; see [`At::entries`].
    Map,
}

/// A value together with its document: how everything is read.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    doc: &'a Doc,
    /// Which value.
    pub id: NodeId,
}

impl Doc {
    /// Reads JSON or YAML by what the text looks like: what begins with `{` or `[` and is JSON is JSON.
    pub fn read(text: &str) -> Result<Self, Stop> {
        match text.trim_start().bytes().next() {
            Some(b'{' | b'[') => match Self::json(text) {
                Ok(doc) => Ok(doc),
                Err(stop) if [build::TOO_MANY, build::TOO_MANY_TWICE].contains(&stop.what.as_str()) => Err(stop),
                // A flow mapping of YAML begins like JSON; when it is neither, JSON's words fit what the author meant.
                Err(stop) => Self::yaml(text).map_err(|_| stop),
            },
            _ => Self::yaml(text),
        }
    }

    /// Reads JSON; comments and commas before an end are refused.
    pub fn json(text: &str) -> Result<Self, Stop> {
        json::read(text)
    }

    /// Reads the first document of a YAML text.
    pub fn yaml(text: &str) -> Result<Self, Stop> {
        yaml::read(text)
    }

    /// The outermost value.
    pub fn root(&self) -> At<'_> {
        self.at(self.root)
    }

    /// A value by its number.
    pub fn at(&self, id: NodeId) -> At<'_> {
        At { doc: self, id }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// There is always a root.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Keys that stand twice in one map, with the place of the later.
    pub fn twice(&self) -> &[(String, Span)] {
        &self.twice
    }

    fn words(&self, words: Words) -> &str {
        match words {
            Words::Slice(span) => self.text.get(span.start as usize..span.end as usize).unwrap_or_default(),
            Words::Owned(at) => self.owned.get(at as usize).map_or("", |text| text),
        }
    }
}

impl<'a> At<'a> {
    /// Its document.
    pub fn doc(self) -> &'a Doc {
        self.doc
    }

    fn node(self) -> &'a Node {
        &self.doc.nodes[self.id.0 as usize]
    }

    /// Its bytes.
    pub fn span(self) -> Span {
        self.node().span
    }

    /// What it is.
    pub fn value(self) -> Value<'a> {
        match self.node().kind {
            Kind::Null => Value::Null,
            Kind::Bool(is) => Value::Bool(is),
            Kind::Number(words) => Value::Number(self.doc.words(words)),
            Kind::Text(words) => Value::Text(self.doc.words(words)),
            Kind::List { first, count } => Value::List(&self.doc.children[first as usize..(first + count) as usize]),
            Kind::Map { .. } => Value::Map,
        }
    }

    fn raw_entries(self) -> &'a [Entry] {
        match self.node().kind {
            Kind::Map { first, count, .. } => &self.doc.entries[first as usize..(first + count) as usize],
            _ => &[],
        }
    }

    /// The entries of a map in the file's order: key, the key's bytes, value; nothing for another value.
    pub fn entries(self) -> impl ExactSizeIterator<Item = (&'a str, Span, At<'a>)> {
        let doc = self.doc;
        self.raw_entries().iter().map(move |entry| (doc.words(entry.key), entry.key_span, doc.at(entry.node)))
    }

    /// The items of a list; nothing for another value.
    pub fn items(self) -> impl ExactSizeIterator<Item = At<'a>> {
        let doc = self.doc;
        let items = if let Value::List(items) = self.value() { items } else { &[] };
        items.iter().map(move |id| doc.at(*id))
    }

    /// The value of a key; the last one when it stands twice.
    pub fn get(self, key: &str) -> Option<At<'a>> {
        self.entry(key).map(|(_, at)| at)
    }

    /// The value of a key with the key's bytes.
    pub fn entry(self, key: &str) -> Option<(Span, At<'a>)> {
        let Kind::Map { first, count, order } = self.node().kind else { return None };
        let doc = self.doc;
        let entry = if order == build::NO_ORDER {
            self.raw_entries().iter().rev().find(|entry| doc.words(entry.key) == key)?
        } else {
            let order = &doc.orders[order as usize..(order + count) as usize];
            let of = |at: &u32| &doc.entries[(first + at) as usize];
            let behind = order.partition_point(|at| doc.words(of(at).key) <= key);
            let entry = of(order.get(behind.checked_sub(1)?)?);
            if doc.words(entry.key) == key { entry } else { return None }
        };
        Some((entry.key_span, doc.at(entry.node)))
    }

    /// The text, if it is one.
    pub fn text(self) -> Option<&'a str> {
        if let Value::Text(text) = self.value() { Some(text) } else { None }
    }

    /// The truth, if it is one.
    pub fn bool(self) -> Option<bool> {
        if let Value::Bool(is) = self.value() { Some(is) } else { None }
    }

    /// The text of a number, if it is one.
    pub fn number(self) -> Option<&'a str> {
        if let Value::Number(text) = self.value() { Some(text) } else { None }
    }

    /// It is a map.
    pub fn is_map(self) -> bool {
        matches!(self.node().kind, Kind::Map { .. })
    }

    /// It is a list.
    pub fn is_list(self) -> bool {
        matches!(self.node().kind, Kind::List { .. })
    }

    /// The text of a key, if there is one.
    pub fn text_at(self, key: &str) -> Option<&'a str> {
        self.get(key).and_then(At::text)
    }

    /// What it is, in a word for messages: `a map`, `a list`, `a text`, `a number`, `true or false`, `null`.
    pub fn what(self) -> &'static str {
        match self.value() {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map => "a map",
        }
    }

    /// The value that a JSON pointer names, `/a/b~1c/0`; the empty pointer is the value itself.
    pub fn pointer(self, pointer: &str) -> Option<At<'a>> {
        let mut at = self;
        for part in pointer.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            at = if at.is_list() { at.items().nth(part.parse().ok()?)? } else { at.get(&part)? };
        }
        Some(at)
    }
}
