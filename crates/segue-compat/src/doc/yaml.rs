//! YAML 1.2 by its core schema, from the parser's events; of several documents the first.
//!
//! An alias is the same value once more, not a copy, and what it stands for counts against the limit: a file cannot grow
//! when it is walked. Merge keys are taken. Tests: below, `tests/it/doc.rs`.

use std::collections::BTreeMap;

use granit_parser::{Event, Parser, ScalarStyle, Span as YamlSpan, StrInput};

use super::build::{Build, Leaf};
use super::json::is_number;
use super::{DEPTH_MAX, Doc, NodeId, Stop};
use crate::source::Span;

pub(super) fn read(text: &str) -> Result<Doc, Stop> {
    let mut options = granit_parser::options! {
        emit_unresolved_aliases: true,
        flow_nesting_limit: 2 * DEPTH_MAX,
        block_nesting_limit: 2 * DEPTH_MAX,
    };
    options.set_emit_comments(false);
    let parser = Parser::new_from_str_with_options(text, options);
    let mut reader = Reader { parser, build: Build::new(text, true), anchors: BTreeMap::new(), open: Vec::new(), at: Span::default() };
    reader.whole()?;
    Ok(reader.build.finish())
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    build: Build,
    anchors: BTreeMap<usize, NodeId>,
    /// The anchors of what is open.
    open: Vec<usize>,
    at: Span,
}

impl<'a> Reader<'a> {
    fn stop<T>(&self, what: &str) -> Result<T, Stop> {
        Err(Stop { at: self.at, what: what.to_owned() })
    }

    fn next(&mut self) -> Result<Event<'a>, Stop> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                self.at = bytes(span);
                Ok(event)
            }
            Some(Err(error)) => {
                let at = error.marker().byte_offset().unwrap_or(0);
                Err(Stop { at: Span::new(at, at), what: "it is not YAML from here on".to_owned() })
            }
            None => self.stop("the document does not end"),
        }
    }

    fn whole(&mut self) -> Result<(), Stop> {
        loop {
            let event = self.next()?;
            match event {
                Event::StreamEnd if !self.build.has_root() => return self.stop("there is nothing in it"),
                Event::StreamEnd | Event::DocumentEnd if self.build.has_root() => return Ok(()),
                Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) | Event::Alias(_) => self.node(event)?,
                Event::SequenceEnd | Event::MappingEnd => {
                    let id = self.build.end(self.at.end as usize)?;
                    let anchor = self.open.pop().unwrap_or(0);
                    self.keep(anchor, id);
                }
                _ => {}
            }
        }
    }

    fn keep(&mut self, anchor: usize, id: NodeId) {
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
    }

    fn node(&mut self, event: Event<'a>) -> Result<(), Stop> {
        if self.build.in_map() && !self.build.owes_value() {
            let Event::Scalar(text, ..) = event else { return self.stop("a key that is a list, a map or an alias") };
            let words = self.build.own(text.into_owned());
            self.build.key(words, self.at);
            return Ok(());
        }
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let leaf = self.scalar(text.into_owned(), style == ScalarStyle::Plain);
                let id = self.build.leaf(self.at, leaf)?;
                self.keep(anchor, id);
                Ok(())
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open.push(anchor);
                self.build.begin(self.at.start as usize, false)
            }
            Event::MappingStart(_, anchor, _) => {
                self.open.push(anchor);
                self.build.begin(self.at.start as usize, true)
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(id) => self.build.alias(*id, self.at),
                None => self.stop("an alias without its anchor, or inside what it stands for"),
            },
            _ => self.stop("it is not YAML from here on"),
        }
    }

    fn scalar(&mut self, text: String, plain: bool) -> Leaf {
        if plain {
            match text.as_str() {
                "" | "~" | "null" | "Null" | "NULL" => return Leaf::Null,
                "true" | "True" | "TRUE" => return Leaf::Bool(true),
                "false" | "False" | "FALSE" => return Leaf::Bool(false),
                word if is_number(word) => return Leaf::Number(self.build.own(text)),
                _ => {}
            }
        }
        Leaf::Text(self.build.own(text))
    }
}

fn bytes(span: YamlSpan) -> Span {
    span.byte_range().map_or_else(Span::default, |range| Span::new(range.start, range.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_the_same_value() {
        let doc = read("a: &x {b: 1, 'c': [2]}\n200: *x\n---\nz: 1\n").expect("it reads");
        assert_eq!(doc.root().pointer("/200/c/0").and_then(super::super::At::number), Some("2"));
        assert_eq!(doc.root().get("200").map(|at| at.id), doc.root().get("a").map(|at| at.id));
        assert!(doc.root().get("z").is_none());
    }

    #[test]
    fn merge_keys_give_what_is_not_there() {
        let doc = read("a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n").expect("it reads");
        let d = doc.root().get("d").expect("d");
        assert_eq!((d.get("b").and_then(super::super::At::number), d.get("c").and_then(super::super::At::number)), (Some("1"), Some("3")));
        assert!(doc.twice().is_empty());
    }

    #[test]
    fn laughs_do_not_grow() {
        let mut text = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
        for (from, to) in ["b", "c", "d", "e", "f", "g", "h", "i", "j"].iter().zip(["a", "b", "c", "d", "e", "f", "g", "h", "i"]) {
            text.push_str(&format!("{from}: &{from} [*{to},*{to},*{to},*{to},*{to},*{to},*{to},*{to},*{to}]\n"));
        }
        assert!(read(&text).expect_err("it stops").what.contains("aliases counted"));
        assert!(read(&"[".repeat(100_000)).is_err());
        assert!(read("a: &a [*a]").is_err());
        assert!(read("").is_err());
        assert!(read("? [1]\n: 2\n").is_err());
    }
}
