//! The file as a tree of values that know where they stand, from the YAML parser's events.
//!
//! Here is the part of YAML that a spec may use: one document of mappings, lists and scalars. Anchors, aliases,
//! merge keys, tags and duplicate keys are refused, each with its place, and the walk goes on behind them; size,
//! depth and count of nodes are bounded before memory is. Must never expand anything. Tests:
//! `tests/it/problems.rs`, `tests/it/hostile.rs`.

use std::collections::BTreeSet;

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, ScanError, Span as YamlSpan, StrInput, StructureStyle};

use super::problems::{Problems, Span, brief, code};
use super::scalar;
use super::torn;

/// The largest file, in bytes.
pub(super) const BYTES_MAX: usize = 1 << 20;
/// The most collections inside each other; a spec needs 7.
pub(super) const DEPTH_MAX: usize = 32;
/// The most keys and values in one file.
pub(super) const NODES_MAX: usize = 50_000;

/// A value with its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// What a value is, by YAML's core schema.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    /// A whole number, or text of a number with a fraction; both as SQL would write them.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
    /// A value that was refused already: every form is taken, so that one mistake is told once.
    Refused,
}

/// A key with its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) span: Span,
    pub(super) value: Node,
}

impl Node {
    /// The value of a key that is there and not null.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        let Kind::Map(entries) = &self.kind else { return None };
        entries.iter().find(|entry| entry.key == key && !matches!(entry.value.kind, Kind::Null)).map(|entry| &entry.value)
    }
}

/// Reads the tree. `None` when the text is no YAML or beyond a limit; `problems` then says why.
pub(super) fn read(problems: &mut Problems<'_>) -> Option<Node> {
    let text = problems.text();
    if text.len() > BYTES_MAX {
        let message = format!("the file has {} bytes, more than the {BYTES_MAX} that a spec may have", text.len());
        problems.add(code::TOO_LARGE, &(0..1), message, "keep data out of the spec");
        return None;
    }
    let mut options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        flow_nesting_limit: 4 * DEPTH_MAX,
        block_nesting_limit: 4 * DEPTH_MAX,
    };
    options.set_emit_comments(false);
    let mut tree = Tree { parser: Parser::new_from_str_with_options(text, options), nodes: 0, problems };
    match tree.document() {
        Ok(node) => Some(node),
        Err(stop) => {
            stop.tell(problems);
            None
        }
    }
}

/// Why no tree can be built.
enum Stop {
    Yaml(ScanError),
    /// The parser ended without an end of the document.
    End,
    Deep(Span),
    Many(Span),
}

impl Stop {
    fn tell(self, problems: &mut Problems<'_>) {
        match self {
            Self::Yaml(error) if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) => {
                let at = byte(error.marker());
                Self::Deep(at..at + 1).tell(problems);
            }
            Self::Yaml(error) => {
                let at = byte(error.marker());
                let help = "look at the indentation, and put a value that holds `: `, ` #`, `{`, `[`, `,` or quotes into double quotes";
                problems.add(code::SYNTAX, &(at..at + 1), format!("this is not YAML: {}", words(&error)), help);
            }
            Self::End => problems.add(code::SYNTAX, &(0..1), "this is not YAML: the document does not end", "write the file anew"),
            Self::Deep(span) => {
                problems.add(code::TOO_DEEP, &span, format!("more than {DEPTH_MAX} levels of nesting"), "a spec needs at most 7 levels");
            }
            Self::Many(span) => {
                problems.add(code::TOO_LARGE, &span, format!("more than {NODES_MAX} keys and values"), "split the spec into several");
            }
        }
    }
}

/// The parser's words without any text of the file.
fn words(error: &ScanError) -> String {
    match error.kind() {
        ErrorKind::Custom(_) => "it cannot be read".to_owned(),
        kind => kind.to_string(),
    }
}

fn byte(marker: &Marker) -> usize {
    marker.byte_offset().unwrap_or(0)
}

fn span_of(span: &YamlSpan) -> Span {
    span.byte_range().unwrap_or(0..0)
}

struct Tree<'p, 'a, 't> {
    parser: Parser<'a, StrInput<'a>>,
    nodes: usize,
    problems: &'p mut Problems<'t>,
}

impl<'a> Tree<'_, 'a, 'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Stop> {
        loop {
            let (event, span) = self.parser.next_event().ok_or(Stop::End)?.map_err(Stop::Yaml)?;
            let at = span_of(&span);
            if let Some(tag) = span.tag_span() {
                let tag = span_of(&tag);
                self.problems.add(code::TAG, &tag, "a YAML tag", "leave the tag out: each key has one type, which is known");
            } else if event.tag().is_some() {
                self.problems.add(code::TAG, &at, "a YAML tag", "leave the tag out: each key has one type, which is known");
            }
            match event {
                Event::Anchor(..) => {
                    self.problems.add(code::ANCHOR, &at, "a YAML anchor", "leave it out and write each value where it belongs");
                }
                event => return Ok((event, at)),
            }
        }
    }

    /// The one document; an empty file is null.
    fn document(&mut self) -> Result<Node, Stop> {
        let mut root = None;
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => break,
                (Event::DocumentStart(_, version), span) => {
                    if root.is_some() {
                        let help = "one file is one spec: put the other into a file of its own";
                        self.problems.add(code::DOCUMENTS, &span, "a second YAML document", help);
                        break;
                    }
                    if let Some(version) = version
                        && (version.major, version.minor) != (1, 2)
                    {
                        let message = format!("YAML {}.{}, but a spec is YAML 1.2", version.major, version.minor);
                        self.problems.add(code::VERSION, &span, message, "leave the line `%YAML` out");
                    }
                    let (event, span) = self.next()?;
                    root = Some(self.node(event, span, 0)?);
                }
                _ => {}
            }
        }
        Ok(root.unwrap_or(Node { kind: Kind::Null, span: 0..0 }))
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Stop> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(Stop::Many(span));
        }
        let collection = matches!(event, Event::SequenceStart(..) | Event::MappingStart(..));
        if collection && depth >= DEPTH_MAX {
            return Err(Stop::Deep(span));
        }
        match event {
            Event::Scalar(text, style, ..) => {
                if text.contains('\0') {
                    let help = "leave it out: no server stores it";
                    self.problems.add(code::NUL, &span, "a NUL character in a text", help);
                    return Ok(Node { kind: Kind::Refused, span });
                }
                let kind = if style == ScalarStyle::Plain { scalar::resolve(&text) } else { Kind::Text(text.into_owned()) };
                Ok(Node { kind, span })
            }
            Event::SequenceStart(style, ..) => self.list(span, depth, style == StructureStyle::Flow),
            Event::MappingStart(style, ..) => self.map(span, depth, style == StructureStyle::Flow),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.problems.add(code::ALIAS, &span, "a YAML alias", "write the value itself");
                Ok(Node { kind: Kind::Refused, span })
            }
            _ => Err(Stop::End),
        }
    }

    fn list(&mut self, start: Span, depth: usize, flow: bool) -> Result<Node, Stop> {
        let mut items = Vec::new();
        let end = loop {
            match self.next()? {
                (Event::SequenceEnd, end) => break end,
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        };
        let span = whole(&start, &end, flow);
        if flow {
            torn::mend_list(&mut items, &span, self.problems);
        }
        Ok(Node { kind: Kind::List(items), span })
    }

    fn map(&mut self, start: Span, depth: usize, flow: bool) -> Result<Node, Stop> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen = BTreeSet::new();
        let end = loop {
            let (event, span) = match self.next()? {
                (Event::MappingEnd, end) => break end,
                next => next,
            };
            let plain = matches!(event, Event::Scalar(_, ScalarStyle::Plain, ..));
            let key = match event {
                Event::Scalar(text, ..) => {
                    self.nodes += 1;
                    Some(text.into_owned())
                }
                event => {
                    let refused = matches!(event, Event::Alias(_) | Event::UnresolvedAlias(_));
                    let node = self.node(event, span.clone(), depth + 1)?;
                    if !refused {
                        self.problems.add(code::KEY, &node.span, "a key that is a collection", "a key is a text");
                    }
                    None
                }
            };
            let (event, at) = self.next()?;
            let value = self.node(event, at, depth + 1)?;
            match key {
                Some(key) if plain && key == "<<" => {
                    self.problems.add(code::MERGE, &span, "a YAML merge key", "write the keys themselves");
                }
                Some(key) if key.contains('\0') => {
                    self.problems.add(code::NUL, &span, "a NUL character in a key", "leave it out: no server stores it");
                }
                Some(key) => {
                    if seen.insert(key.clone()) {
                        entries.push(Entry { key, span, value });
                    } else {
                        let message = format!("the key `{}` stands here for the second time", brief(&key));
                        self.problems.add(code::DUPLICATE, &span, message, "keep one of them");
                    }
                }
                None => {}
            }
        };
        let span = whole(&start, &end, flow);
        if flow {
            torn::mend_map(&mut entries, &span, self.problems);
        }
        Ok(Node { kind: Kind::Map(entries), span })
    }
}

/// From the opening bracket to the closing one; in block style just the beginning, which has no bracket.
fn whole(start: &Span, end: &Span, flow: bool) -> Span {
    if flow { start.start..end.end } else { start.start..start.start + 1 }
}
