//! YAML with several documents, anchors, aliases and merge keys.
//!
//! What an alias stands for is copied within the same budget of nodes as everything else, so a file cannot grow when it
//! is read. Texts keep their form: nothing is a date or a number by its looks but for people. Tests: below,
//! `tests/it/hostile.rs`.

use std::collections::{BTreeMap, BTreeSet};

use granit_parser::{Event, Parser, ScalarStyle, StrInput};

use super::{DEPTH_MAX, Entry, NODES_MAX, Node, Stop, Value};

/// Reads all documents; with what could be read before a mistake, and the mistake.
pub(crate) fn read(text: &str) -> (Vec<Node>, Option<Stop>) {
    let mut options = granit_parser::options! {
        emit_unresolved_aliases: true,
        flow_nesting_limit: 2 * DEPTH_MAX,
        block_nesting_limit: 2 * DEPTH_MAX,
    };
    options.set_emit_comments(false);
    let parser = Parser::new_from_str_with_options(text, options);
    let mut reader = Reader { parser, anchors: BTreeMap::new(), nodes: 0, line: 1 };
    let mut documents = Vec::new();
    loop {
        match reader.document() {
            Ok(Some(node)) => documents.push(node),
            Ok(None) => return (documents, None),
            Err(stop) => return (documents, Some(stop)),
        }
    }
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    anchors: BTreeMap<usize, (Node, usize)>,
    nodes: usize,
    line: u32,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<Event<'a>, Stop> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                self.line = u32::try_from(span.start.line()).unwrap_or(u32::MAX);
                Ok(event)
            }
            Some(Err(error)) => Err(Stop::new(u32::try_from(error.marker().line()).unwrap_or(u32::MAX), "it is not YAML from here on")),
            None => Err(Stop::new(self.line, "the document does not end")),
        }
    }

    fn document(&mut self) -> Result<Option<Node>, Stop> {
        loop {
            match self.next()? {
                Event::StreamEnd => return Ok(None),
                Event::DocumentStart(..) => {
                    self.anchors.clear();
                    let event = self.next()?;
                    return self.node(event, 0).map(|(node, _)| Some(node));
                }
                _ => {}
            }
        }
    }

    /// A node, and how many nodes it is.
    fn node(&mut self, event: Event<'a>, depth: usize) -> Result<(Node, usize), Stop> {
        let line = self.line;
        self.spend(1)?;
        if depth > DEPTH_MAX {
            return Err(Stop::new(line, "more levels of nesting than are read"));
        }
        let before = self.nodes - 1;
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, _) => (scalar(&text, style == ScalarStyle::Plain), anchor),
            Event::SequenceStart(_, anchor, _) => (self.list(depth)?, anchor),
            Event::MappingStart(_, anchor, _) => (self.map(depth)?, anchor),
            Event::Alias(id) => {
                let Some((node, size)) = self.anchors.get(&id) else { return Err(Stop::new(line, "an alias without its anchor")) };
                let (node, size) = (node.clone(), *size);
                self.spend(size)?;
                return Ok((node, size));
            }
            _ => return Err(Stop::new(line, "it is not YAML from here on")),
        };
        let node = Node { value, line };
        let size = self.nodes - before;
        if anchor != 0 {
            // The copy that is kept counts as well.
            self.spend(size)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        Ok((node, size))
    }

    fn spend(&mut self, nodes: usize) -> Result<(), Stop> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > NODES_MAX { Err(Stop::new(self.line, "more values than are read of one file, aliases counted")) } else { Ok(()) }
    }

    fn list(&mut self, depth: usize) -> Result<Value, Stop> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                Event::SequenceEnd => return Ok(Value::List(items)),
                event => items.push(self.node(event, depth + 1)?.0),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Value, Stop> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut merged: Vec<Entry> = Vec::new();
        loop {
            let event = match self.next()? {
                Event::MappingEnd => break,
                event => event,
            };
            let (key, _) = self.node(event, depth + 1)?;
            let line = key.line;
            let event = self.next()?;
            let (node, _) = self.node(event, depth + 1)?;
            match key.text() {
                Some("<<") => merge(node, &mut merged),
                Some(text) => entries.push(Entry { key: text.to_owned(), line, node }),
                None => {
                    let key = match key.value {
                        Value::Bool(true) => "true",
                        Value::Bool(false) => "false",
                        _ => continue,
                    };
                    entries.push(Entry { key: key.to_owned(), line, node });
                }
            }
        }
        if !merged.is_empty() {
            let mut own: BTreeSet<String> = entries.iter().map(|entry| entry.key.clone()).collect();
            entries.extend(merged.into_iter().filter(|entry| own.insert(entry.key.clone())));
        }
        Ok(Value::Map(entries))
    }
}

fn merge(node: Node, into: &mut Vec<Entry>) {
    match node.value {
        Value::Map(entries) => into.extend(entries),
        Value::List(items) => items.into_iter().for_each(|item| merge(item, into)),
        _ => {}
    }
}

fn scalar(text: &str, plain: bool) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" if plain => Value::Null,
        "true" | "True" | "TRUE" if plain => Value::Bool(true),
        "false" | "False" | "FALSE" if plain => Value::Bool(false),
        _ if plain && text.starts_with(|c: char| c.is_ascii_digit() || c == '-') && text.parse::<f64>().is_ok() => {
            Value::Number(text.to_owned())
        }
        _ => Value::Text(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_anchors_and_merges() {
        let (documents, stop) = read("a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n---\n- e\n");
        assert_eq!(stop, None);
        assert_eq!(documents.len(), 2);
        let d = documents[0].get("d").expect("d");
        assert_eq!((d.text_at("b"), d.text_at("c")), (Some("1"), Some("3")));
        assert_eq!(documents[1].items()[0].line, 6);
    }

    #[test]
    fn what_came_before_a_mistake_is_kept() {
        let (documents, stop) = read("a: 1\n---\nb: [\n");
        assert_eq!(documents.len(), 1);
        assert!(stop.is_some());
    }

    #[test]
    fn laughs_do_not_grow() {
        let mut text = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
        for (from, to) in ["b", "c", "d", "e", "f", "g", "h"].iter().zip(["a", "b", "c", "d", "e", "f", "g"]) {
            text.push_str(&format!("{from}: &{from} [*{to},*{to},*{to},*{to},*{to},*{to},*{to},*{to},*{to}]\n"));
        }
        let (_, stop) = read(&text);
        assert!(stop.expect("it stops").what.contains("aliases counted"));
        let (documents, stop) = read(&"[".repeat(100_000));
        assert!(documents.is_empty() && stop.is_some());
    }
}
