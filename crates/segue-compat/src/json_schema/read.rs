//! One side: its documents, refused when they are no schemas, and its shapes.
//!
//! Tests: `tests/it/json_schema/`.

use std::collections::BTreeMap;

use super::{dialect, names, word};
use crate::doc::{At, Doc};
use crate::shape::schema::{Dialect, FileIndex, Reader, Resolver, Target};
use crate::shape::{ShapeId, Shapes};
use crate::source::{Refused, Source, Span};

/// The documents of a side, by the order of its files.
pub(super) struct Side {
    docs: Vec<Option<Doc>>,
    dialect: Dialect,
    not_checked: Vec<String>,
}

/// What a side says.
pub(super) struct Shown {
    pub(super) shapes: Shapes,
    pub(super) root: ShapeId,
    pub(super) not_checked: Vec<String>,
    /// Something that it refers to was not there.
    pub(super) lost: bool,
}

fn refused(source: &Source, file: usize, code: &'static str, span: Option<Span>, message: String, help: &str) -> Refused {
    let file = source.files.get(file).map(|file| file.name.clone()).unwrap_or_default();
    Refused { code, side: source.side, file, span, message, help: help.to_owned() }
}

impl Side {
    /// Reads all files; the first must be a schema.
    pub(super) fn of(source: &Source) -> Result<Self, Vec<Refused>> {
        let mut docs = Vec::with_capacity(source.files.len());
        let mut wrong = Vec::new();
        for (index, file) in source.files.iter().enumerate() {
            let read = match file.as_text() {
                Ok(text) => Doc::read(text).map_err(|stop| (stop.at, stop.what)),
                Err(at) => Err((Span::new(at, at + 1), "bytes that are no UTF-8".to_owned())),
            };
            match read {
                Ok(doc) => docs.push(Some(doc)),
                Err((at, what)) => {
                    let help = "Give a JSON or YAML document; the place shows where reading stopped.";
                    wrong.push(refused(
                        source,
                        index,
                        "SG-CHK-010",
                        Some(at),
                        format!("the {} schema cannot be read: {what}", word(source.side)),
                        help,
                    ));
                    docs.push(None);
                }
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let Some(root) = docs.first().and_then(Option::as_ref).map(Doc::root) else {
            return Err(vec![refused(source, 0, "SG-CHK-010", None, "there is no file".to_owned(), "Name a file.")]);
        };
        if root.bool().is_none()
            && (!root.is_map() || !(dialect::is_schema(root) || dialect::has_keyword(root) && root.get("openapi").is_none()))
        {
            let message = format!("the {} file is {} without any keyword of JSON Schema", word(source.side), root.what());
            let help = "Give a schema, or name the kind of the file with `--type`.";
            return Err(vec![refused(source, 0, "SG-CHK-011", Some(root.span()), message, help)]);
        }
        let Some(dialect) = dialect::of(root) else {
            let span = root.get("$schema").map(At::span);
            let message = format!("the {} schema's `$schema` names a draft that is not known", word(source.side));
            return Err(vec![refused(source, 0, "SG-CHK-012", span, message, "Drafts 4, 6, 7, 2019-09 and 2020-12 are read.")]);
        };
        let twice = docs.iter().zip(&source.files).filter_map(|(doc, file)| Some((doc.as_ref()?, file)));
        let not_checked = twice
            .filter(|(doc, _)| !doc.twice().is_empty())
            .map(|(doc, file)| format!("{}: {} keys stand twice, the last counts", file.name, doc.twice().len()))
            .collect();
        Ok(Self { docs, dialect, not_checked })
    }

    /// The shapes, the root's, and what was not read.
    pub(super) fn shapes(&self, source: &Source) -> Shown {
        let index = FileIndex::new(source, &self.docs);
        let named: Vec<BTreeMap<String, (At<'_>, String)>> =
            self.docs.iter().map(|doc| doc.as_ref().map(|doc| names::named(doc.root())).unwrap_or_default()).collect();
        let resolver: Resolver<'_> =
            Box::new(move |file, reference| index.find(file, reference).or_else(|| by_name(&named, file, reference)));
        let mut reader = Reader::new(self.dialect, resolver);
        let Some(doc) = self.docs.first().and_then(Option::as_ref) else {
            let mut shapes = Shapes::new();
            let root = shapes.add(None, crate::shape::Step::Root("#".into()), crate::source::Place::default());
            return Shown { shapes, root, not_checked: self.not_checked.clone(), lost: false };
        };
        reader.ambiguous_anchors(names::ambiguous_anchors(self.docs.iter().flatten().map(Doc::root)));
        let root = reader.root(doc.root(), 0, "#");
        let lost = reader.has_lost();
        let (shapes, mut not_checked) = reader.finish();
        not_checked.extend(self.not_checked.iter().cloned());
        Shown { shapes, root, not_checked, lost }
    }
}

/// What a document names itself: an anchor, an `$id`, a pointer behind an `$id`.
fn by_name<'a>(named: &[BTreeMap<String, (At<'a>, String)>], file: u32, reference: &str) -> Option<Target<'a>> {
    let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let own = named.get(file as usize)?;
    if path.is_empty() && !fragment.starts_with('/') {
        let (at, pointer) = own.get(&format!("#{fragment}"))?;
        return Some(Target { at: *at, file, name: root_name(file, pointer) });
    }
    for (index, names) in (0_u32..).zip(named) {
        let Some((at, pointer)) = names.get(path).or_else(|| names.get(path.rsplit('/').next().unwrap_or(path))) else { continue };
        if fragment.is_empty() {
            return Some(Target { at: *at, file: index, name: root_name(index, pointer) });
        }
        if fragment.starts_with('/') {
            let found = at.pointer(fragment)?;
            return Some(Target { at: found, file: index, name: root_name(index, &format!("{pointer}{fragment}")) });
        }
        let (at, pointer) = names.get(&format!("#{fragment}"))?;
        return Some(Target { at: *at, file: index, name: root_name(index, pointer) });
    }
    None
}

fn root_name(file: u32, pointer: &str) -> String {
    match (file, pointer.trim_start_matches('/')) {
        (0, "") => "#".to_owned(),
        (0, name) => name.to_owned(),
        (file, name) => format!("{file}#/{name}"),
    }
}
