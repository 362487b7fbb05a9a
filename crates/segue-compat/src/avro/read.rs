//! Schema JSON to a [`Schema`]: names, namespaces, aliases, defaults, logical types, each with its place.
//!
//! Names may be declared in any file of the side and in any order. Every fault is told; a side with one is refused. Depth is
//! bounded by the reader of JSON. By the specification: <https://avro.apache.org/docs/1.12.0/specification/>. Tests: below,
//! `tests/it/avro/`.

mod default;

use std::collections::BTreeSet;

use super::schema::{Field, Id, Kind, Logical, Node, Schema};
use crate::doc::{At, Doc, Value};
use crate::shape::Literal;
use crate::source::{Place, Refused, Source, Span};
pub(super) use default::fits;

/// No JSON, or JSON that is no schema.
const NO_SCHEMA: &str = "SG-CHK-045";
/// A type that nothing declares.
const UNKNOWN_NAME: &str = "SG-CHK-046";
/// Something is declared twice.
const TWICE: &str = "SG-CHK-047";
/// A default that the type does not take.
const BAD_DEFAULT: &str = "SG-CHK-048";
const FAULTS_MAX: usize = 40;
const NODES_MAX: usize = 1_000_000;

struct Fault {
    code: &'static str,
    place: Place,
    what: String,
}

struct Reader {
    schema: Schema,
    file: u32,
    faults: Vec<Fault>,
}

/// Reads every file of a side; the first is the one that was named.
pub(super) fn read(source: &Source) -> Result<Schema, Vec<Refused>> {
    let mut reader = Reader { schema: Schema::default(), file: 0, faults: Vec::new() };
    for (at, file) in (0_u32..).zip(&source.files) {
        reader.file = at;
        let doc = match file.as_text().map(Doc::json) {
            Ok(Ok(doc)) => doc,
            Ok(Err(stop)) => {
                reader.fault::<()>(NO_SCHEMA, stop.at, format!("the file is no JSON: {}", stop.what));
                continue;
            }
            Err(byte) => {
                reader.fault::<()>(NO_SCHEMA, Span::new(byte, byte + 1), "the file is no text in UTF-8");
                continue;
            }
        };
        if let Some(root) = reader.schema(doc.root(), "", "") {
            reader.schema.roots.push((file.name.clone(), root));
        }
    }
    reader.names_are_there();
    if reader.faults.is_empty() {
        reader.defaults_fit();
    }
    if reader.faults.is_empty() && !reader.schema.roots.is_empty() {
        return Ok(reader.schema);
    }
    Err(reader.faults.into_iter().map(|fault| refused(source, fault)).collect())
}

fn refused(source: &Source, fault: Fault) -> Refused {
    let help = match fault.code {
        UNKNOWN_NAME => "give the file that declares the type as well, or write its full name",
        TWICE => "give each type, field and symbol a name of its own",
        BAD_DEFAULT => "give a default that the type takes; of a union, one that a branch takes",
        _ => "mend the schema until a library of Avro reads it",
    };
    let file = source.files.get(fault.place.file as usize).map(|file| file.name.clone()).unwrap_or_default();
    Refused { code: fault.code, side: source.side, file, span: Some(fault.place.span), message: fault.what, help: help.to_owned() }
}

impl Reader {
    fn fault<T>(&mut self, code: &'static str, span: Span, what: impl Into<String>) -> Option<T> {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(Fault { code, place: Place { file: self.file, span }, what: what.into() });
        }
        None
    }

    fn add(&mut self, kind: Kind, path: &str, at: Span) -> Option<Id> {
        if self.schema.nodes.len() >= NODES_MAX {
            return self.fault(NO_SCHEMA, at, format!("more than {NODES_MAX} types"));
        }
        let place = Place { file: self.file, span: at };
        self.schema.nodes.push(Node { kind, path: path.into(), at: place, aliases: Vec::new(), logical: None });
        Some(self.schema.nodes.len() as Id - 1)
    }

    /// One type. `path` is what people call it; `namespace` is what encloses it.
    fn schema(&mut self, at: At<'_>, namespace: &str, path: &str) -> Option<Id> {
        match at.value() {
            Value::Text(word) => self.named(word, at.span(), namespace, path),
            Value::List(_) => self.union(at, namespace, path),
            Value::Map => self.complex(at, namespace, path),
            _ => self.fault(NO_SCHEMA, at.span(), format!("{} stands where a type should", at.what())),
        }
    }

    fn named(&mut self, word: &str, at: Span, namespace: &str, path: &str) -> Option<Id> {
        let kind = match primitive(word) {
            Some(kind) => kind,
            None if is_name(word, true) => Kind::Named(full_name(word, namespace)),
            None => return self.fault(NO_SCHEMA, at, "a name that is none"),
        };
        self.add(kind, path, at)
    }

    fn union(&mut self, at: At<'_>, namespace: &str, path: &str) -> Option<Id> {
        let mut branches = Vec::new();
        let mut seen = BTreeSet::new();
        for branch in at.items() {
            if branch.is_list() {
                return self.fault(NO_SCHEMA, branch.span(), "a union in a union");
            }
            let id = self.schema(branch, namespace, path)?;
            let word = match &self.schema.nodes[id as usize].kind {
                Kind::Named(name) => name.to_string(),
                _ => self.schema.branch(id),
            };
            if !seen.insert(word) {
                return self.fault(TWICE, branch.span(), "a branch stands twice in a union");
            }
            branches.push(id);
        }
        if branches.is_empty() {
            return self.fault(NO_SCHEMA, at.span(), "a union without branches");
        }
        self.add(Kind::Union(branches), path, at.span())
    }

    fn complex(&mut self, at: At<'_>, namespace: &str, path: &str) -> Option<Id> {
        let Some(kind) = at.get("type") else { return self.fault(NO_SCHEMA, at.span(), "a type without `type`") };
        let Some(word) = kind.text() else { return self.schema(kind, namespace, path) };
        let id = match word {
            "record" | "error" => self.record(at, namespace)?,
            "enum" => self.enumeration(at, namespace)?,
            "fixed" => self.fixed(at, namespace)?,
            "array" | "map" => {
                let (key, mark) = if word == "array" { ("items", "[]") } else { ("values", "{}") };
                let Some(inner) = at.get(key) else {
                    return self.fault(NO_SCHEMA, at.span(), format!("a type `{word}` without `{key}`"));
                };
                let inner = self.schema(inner, namespace, &format!("{path}{mark}"))?;
                self.add(if word == "array" { Kind::Array(inner) } else { Kind::Map(inner) }, path, at.span())?
            }
            _ => self.named(word, kind.span(), namespace, path)?,
        };
        self.logical(id, at);
        Some(id)
    }

    /// A logical type that does not fit its type is passed over, as the specification asks.
    fn logical(&mut self, id: Id, at: At<'_>) {
        let Some(word) = at.text_at("logicalType") else { return };
        let whole = |key: &str| at.get(key).and_then(At::number).and_then(|text| text.parse::<u64>().ok());
        let node = &self.schema.nodes[id as usize];
        let logical = match (word, &node.kind) {
            ("decimal", Kind::Bytes | Kind::Fixed { .. }) => {
                let (precision, scale) = (whole("precision").unwrap_or(0), whole("scale").unwrap_or(0));
                (precision > 0 && scale <= precision).then_some(Logical::Decimal { precision, scale })
            }
            ("uuid", Kind::String | Kind::Fixed { size: 16, .. })
            | ("date" | "time-millis", Kind::Int)
            | ("time-micros", Kind::Long)
            | ("duration", Kind::Fixed { size: 12, .. }) => Some(Logical::Named(word.into())),
            ("decimal" | "uuid" | "date" | "time-millis" | "time-micros" | "duration", _) => None,
            (word, kind) if word.contains("timestamp-") && !matches!(kind, Kind::Long) => None,
            (word, _) => Some(Logical::Named(word.into())),
        };
        self.schema.nodes[id as usize].logical = logical;
    }

    /// The full name and the namespace for what is inside; the node is declared under it.
    fn declare(&mut self, at: At<'_>, namespace: &str, kind: impl FnOnce(Box<str>) -> Kind) -> Option<(Id, String)> {
        let Some(name) = at.text_at("name") else { return self.fault(NO_SCHEMA, at.span(), "a named type without `name`") };
        let given = at.text_at("namespace").unwrap_or(namespace);
        if !is_name(name, true) || !(given.is_empty() || is_name(given, true)) || primitive(name).is_some() {
            return self.fault(NO_SCHEMA, at.get("name").map_or(at.span(), At::span), "a name that is none");
        }
        let full = full_name(name, given);
        let inside = full.rsplit_once('.').map_or("", |(namespace, _)| namespace).to_owned();
        let span = at.get("name").map_or(at.span(), At::span);
        let id = self.add(kind(full.clone()), &full, span)?;
        let aliases = texts(at, "aliases");
        self.schema.nodes[id as usize].aliases = aliases.map(|alias| full_name(alias, &inside)).collect();
        if self.schema.names.insert(full, id).is_some() {
            return self.fault(TWICE, span, "a type of this name is declared twice");
        }
        Some((id, inside))
    }

    fn record(&mut self, at: At<'_>, namespace: &str) -> Option<Id> {
        let (id, inside) = self.declare(at, namespace, |name| Kind::Record { name, fields: Vec::new() })?;
        let full = self.schema.branch(id);
        let Some(list) = at.get("fields").filter(|fields| fields.is_list()) else {
            return self.fault(NO_SCHEMA, at.span(), "a record without a list of `fields`");
        };
        let (mut read, mut seen) = (Vec::new(), BTreeSet::new());
        for field in list.items() {
            let (Some(name), Some(kind)) = (field.get("name"), field.get("type")) else {
                self.fault::<()>(NO_SCHEMA, field.span(), "a field without `name` or `type`");
                continue;
            };
            let Some(text) = name.text().filter(|text| is_name(text, false)) else {
                self.fault::<()>(NO_SCHEMA, name.span(), "a name that is none");
                continue;
            };
            if !seen.insert(text) {
                self.fault::<()>(TWICE, name.span(), "a field of this name stands twice in the record");
            }
            let Some(schema) = self.schema(kind, &inside, &format!("{full}.{text}")) else { continue };
            // Many write the logical type beside the field's plain type; the specification does not see it there.
            read.push(Field {
                name: text.into(),
                aliases: texts(field, "aliases").map(Into::into).collect(),
                schema,
                default: field.get("default").map(Literal::of),
                order: field.text_at("order").unwrap_or("ascending").into(),
                at: Place { file: self.file, span: name.span() },
            });
        }
        if let Kind::Record { fields, .. } = &mut self.schema.nodes[id as usize].kind {
            *fields = read;
        }
        Some(id)
    }

    fn enumeration(&mut self, at: At<'_>, namespace: &str) -> Option<Id> {
        let Some(list) = at.get("symbols").filter(|symbols| symbols.is_list()) else {
            return self.fault(NO_SCHEMA, at.span(), "an enum without a list of `symbols`");
        };
        let (mut symbols, mut seen) = (Vec::new(), BTreeSet::new());
        for symbol in list.items() {
            match symbol.text() {
                Some(text) if is_name(text, false) && seen.insert(text) => symbols.push(text.into()),
                Some(text) if is_name(text, false) => {
                    self.fault::<()>(TWICE, symbol.span(), "a symbol stands twice in the enum");
                }
                _ => {
                    self.fault::<()>(NO_SCHEMA, symbol.span(), "a symbol that is none");
                }
            }
        }
        let default = at.text_at("default");
        if default.is_some_and(|default| !seen.contains(default)) {
            self.fault::<()>(BAD_DEFAULT, at.span(), "the default of an enum that is none of its symbols");
        }
        let default = default.map(Into::into);
        self.declare(at, namespace, |name| Kind::Enum { name, symbols, default }).map(|declared| declared.0)
    }

    fn fixed(&mut self, at: At<'_>, namespace: &str) -> Option<Id> {
        let Some(size) = at.get("size").and_then(At::number).and_then(|text| text.parse().ok()) else {
            return self.fault(NO_SCHEMA, at.span(), "a fixed without a whole `size`");
        };
        self.declare(at, namespace, |name| Kind::Fixed { name, size }).map(|declared| declared.0)
    }

    /// A name of the enclosing namespace that is not declared there may be meant without one.
    fn names_are_there(&mut self) {
        for at in 0..self.schema.nodes.len() {
            let node = &self.schema.nodes[at];
            let Kind::Named(name) = &node.kind else { continue };
            if self.schema.names.contains_key(name) {
                continue;
            }
            let (place, bare) = (node.at, Box::<str>::from(super::schema::unqualified(name)));
            if self.schema.names.contains_key(&bare) {
                self.schema.nodes[at].kind = Kind::Named(bare);
            } else {
                self.file = place.file;
                self.fault::<()>(UNKNOWN_NAME, place.span, "a type that no file declares");
            }
        }
    }

    fn defaults_fit(&mut self) {
        let mut bad = Vec::new();
        for node in &self.schema.nodes {
            if let Kind::Record { fields, .. } = &node.kind {
                for field in fields {
                    if field.default.as_ref().is_some_and(|default| !fits(&self.schema, field.schema, default, 0)) {
                        bad.push(field.at);
                    }
                }
            }
        }
        for place in bad {
            self.file = place.file;
            self.fault::<()>(BAD_DEFAULT, place.span, "the default of a field that its type does not take");
        }
    }
}

fn texts<'a>(at: At<'a>, key: &str) -> impl Iterator<Item = &'a str> {
    at.get(key).into_iter().flat_map(At::items).filter_map(At::text)
}

fn primitive(word: &str) -> Option<Kind> {
    Some(match word {
        "null" => Kind::Null,
        "boolean" => Kind::Boolean,
        "int" => Kind::Int,
        "long" => Kind::Long,
        "float" => Kind::Float,
        "double" => Kind::Double,
        "bytes" => Kind::Bytes,
        "string" => Kind::String,
        _ => return None,
    })
}

fn full_name(name: &str, namespace: &str) -> Box<str> {
    if name.contains('.') || namespace.is_empty() { name.trim_start_matches('.').into() } else { format!("{namespace}.{name}").into() }
}

/// Letters, digits and `_`, not beginning with a digit; dots where they may be.
fn is_name(text: &str, dots: bool) -> bool {
    let part = |part: &str| {
        part.bytes().next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if dots { text.strip_prefix('.').unwrap_or(text).split('.').all(part) } else { part(text) }
}
