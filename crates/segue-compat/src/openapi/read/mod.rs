//! Reads a document into the model, as far as it goes.
//!
//! A value of the wrong kind is left out and listed, and the rest is read: real documents are full of such. Where what was left
//! out differs between the sides, the comparison is undecided. Must never fetch, and never fail on a value. Tests:
//! `tests/it/openapi/tolerant.rs`.

mod body;
mod operation;
mod parameter;
mod response;
mod schema;
mod security;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash as _, Hasher as _};
use std::rc::Rc;

use super::library::{Library, Lost, Spot};
use super::model::{Anchor, Dialect, Document, Example, Lifecycle, without_user};
use crate::doc::Value;
use schema::Schemas;

/// How many things that were left out are kept, so that a hostile file does not fill the report.
const SKIPPED_MAX: usize = 2_000;

/// How long a path may be, in bytes.
const PATH_LENGTH_MAX: usize = 8 * 1024;

/// What reads one side.
struct Reader<'a> {
    library: &'a Library,
    dialect: Dialect,
    schemas: Schemas<'a>,
    skipped: BTreeMap<String, (String, u64)>,
    unresolved: BTreeSet<String>,
    /// Media types of the document, for Swagger 2.0.
    consumes: Vec<String>,
    produces: Vec<String>,
    /// The document's security, for operations without their own.
    security: Rc<super::model::Security>,
}

/// Reads a side. Its root was looked at before.
pub(super) fn document(library: &Library, dialect: Dialect) -> Option<Document> {
    let root = library.root()?;
    let anchor = Anchor { object: "openapi".to_owned(), place: root.place() };
    let mut reader = empty(library, dialect, anchor.place);
    if let Some(security) = reader.requirements(&root) {
        reader.security = Rc::new(security);
    }
    reader.consumes = reader.words(&root, "consumes");
    reader.produces = reader.words(&root, "produces");
    let info = reader.map(&root, "info");
    let version = info.and_then(|info| {
        let text = reader.text(&info, "version")?;
        Some((text, info.get("version")?.place()))
    });
    let mut operations = Vec::new();
    for (path, item) in reader.entries(&root, "paths") {
        if path.starts_with("x-") {
            continue;
        }
        if path.len() > PATH_LENGTH_MAX {
            let object = format!("paths/{}…", path.chars().take(40).collect::<String>());
            reader
                .skipped
                .insert(object.clone(), (format!("{object} is a path of {} bytes; it was left out", path.len()), mark(&item) | 1));
            continue;
        }
        reader.path_item(&path, &item, 0, &mut operations);
    }
    let mut webhooks = Vec::new();
    for key in ["webhooks", "x-webhooks"] {
        for (name, item) in reader.entries(&root, key) {
            reader.path_item(&format!("webhook {name}"), &item, 0, &mut webhooks);
        }
    }
    let servers = reader.servers(&root);
    let schemes = reader.schemes(&root);
    let components = reader.components(&root);
    let schemas = reader.all_schemas(&root);
    for (_, name, doc) in library.trees() {
        for (key, _) in doc.twice() {
            // Counted in the mark: where only one side has it, what readers take for the document is not known.
            let sentence = format!("{name}: `{key}` stands twice in one map; the last one counts for most readers");
            reader.skipped.entry(format!("`{key}` twice")).or_insert((sentence, 0)).1 += 1;
        }
    }
    let (shapes, unread) = reader.schemas.finish();
    // What neither side has may differ all the same; a document of the web that both name by one URL is one document.
    let (lost, unread): (Vec<String>, Vec<String>) =
        unread.into_iter().partition(|sentence| sentence.ends_with("` is referred to and was not read") && !sentence.contains("://"));
    reader.unresolved.extend(lost);
    for sentence in unread.into_iter().chain(library.unread.iter().cloned()) {
        reader.skipped.insert(sentence.clone(), (sentence, 0));
    }
    Some(Document {
        side: library.side,
        dialect,
        version,
        root: anchor,
        servers,
        schemes,
        operations,
        webhooks,
        components,
        schemas,
        shapes,
        skipped: reader.skipped,
        unresolved: reader.unresolved,
    })
}

/// A reader that has read nothing yet.
fn empty(library: &Library, dialect: Dialect, place: crate::source::Place) -> Reader<'_> {
    Reader {
        library,
        dialect,
        schemas: Schemas::new(library, dialect),
        skipped: BTreeMap::new(),
        unresolved: BTreeSet::new(),
        consumes: Vec::new(),
        produces: Vec::new(),
        security: Rc::new(super::model::Security {
            anchor: Anchor { object: "security".to_owned(), place },
            alternatives: BTreeSet::new(),
        }),
    }
}

impl<'a> Reader<'a> {
    /// Lists a value that is left out.
    fn skip(&mut self, spot: &Spot<'a>, wanted: &str) {
        if self.skipped.len() < SKIPPED_MAX {
            let sentence = format!("{} is {} where {wanted} belongs; it was left out", spot.object, spot.at.what());
            self.skipped.insert(spot.object.clone(), (sentence, mark(spot)));
        }
    }

    /// A map under a key; nothing for `null`.
    fn map(&mut self, spot: &Spot<'a>, key: &str) -> Option<Spot<'a>> {
        let found = spot.get(key)?;
        match found.at.value() {
            Value::Map => Some(found),
            Value::Null => None,
            _ => {
                self.skip(&found, "a map");
                None
            }
        }
    }

    /// The entries of a map under a key that are maps themselves, references followed.
    fn entries(&mut self, spot: &Spot<'a>, key: &str) -> Vec<(String, Spot<'a>)> {
        let Some(map) = self.map(spot, key) else { return Vec::new() };
        let mut found = Vec::new();
        for (name, _, at) in map.at.entries() {
            let entry = map.step(name, at);
            if entry.at.is_map() {
                found.push((name.to_owned(), entry));
            } else if !name.starts_with("x-") {
                self.skip(&entry, "a map");
            }
        }
        found
    }

    /// The items of a list under a key.
    fn list(&mut self, spot: &Spot<'a>, key: &str) -> Vec<Spot<'a>> {
        let Some(found) = spot.get(key) else { return Vec::new() };
        match found.at.value() {
            Value::List(_) => found.at.items().enumerate().map(|(index, at)| found.step(&index.to_string(), at)).collect(),
            Value::Null => Vec::new(),
            _ => {
                self.skip(&found, "a list");
                Vec::new()
            }
        }
    }

    /// The texts of a list under a key.
    fn words(&mut self, spot: &Spot<'a>, key: &str) -> Vec<String> {
        let mut found = Vec::new();
        for item in self.list(spot, key) {
            match item.at.text() {
                Some(text) => found.push(text.to_owned()),
                None => self.skip(&item, "a text"),
            }
        }
        found
    }

    /// A text under a key; a number counts by its digits.
    fn text(&mut self, spot: &Spot<'a>, key: &str) -> Option<String> {
        let found = spot.get(key)?;
        match found.at.value() {
            Value::Text(text) | Value::Number(text) => Some(text.to_owned()),
            Value::Null => None,
            _ => {
                self.skip(&found, "a text");
                None
            }
        }
    }

    /// A truth under a key.
    fn flag(&mut self, spot: &Spot<'a>, key: &str) -> Option<bool> {
        let found = spot.get(key)?;
        match found.at.value() {
            Value::Bool(is) => Some(is),
            Value::Null => None,
            _ => {
                self.skip(&found, "true or false");
                None
            }
        }
    }

    /// Follows a reference; what it does not lead to is listed.
    fn followed(&mut self, spot: Spot<'a>) -> Option<Spot<'a>> {
        if spot.at.get("$ref").is_none() {
            return Some(spot);
        }
        let from = spot.object.clone();
        match self.library.resolve(spot) {
            Ok(found) if found.at.is_map() => Some(found),
            Ok(found) => {
                self.skip(&found, "a map");
                None
            }
            Err((lost, reference)) => {
                self.lost(&from, lost, &reference);
                None
            }
        }
    }

    fn lost(&mut self, from: &str, lost: Lost, reference: &str) {
        let reference = without_user(reference);
        let sentence = match lost {
            Lost::NotHere => format!("{from}: `{reference}` names a document that is not here; what it stands for was not compared"),
            Lost::NoSuch => format!("{from}: nothing stands at `{reference}`"),
            Lost::Circle => format!("{from}: the reference leads back to itself"),
        };
        if self.unresolved.len() < SKIPPED_MAX {
            self.unresolved.insert(sentence);
        }
    }

    fn life(&mut self, spot: &Spot<'a>) -> Lifecycle {
        Lifecycle {
            deprecated: self.flag(spot, "deprecated").unwrap_or(false),
            sunset: self.text(spot, "x-sunset"),
            stability: self.text(spot, "x-stability-level"),
            successor: ["x-replaced-by", "x-replacement", "x-successor", "x-deprecated-use"].iter().find_map(|key| self.text(spot, key)),
        }
    }

    /// `example` and `examples` of a parameter or media type.
    fn examples(&mut self, spot: &Spot<'a>) -> Vec<Example> {
        let mut found = Vec::new();
        if let Some(example) = spot.get("example") {
            found.push(example_at(&example));
        }
        for (_, entry) in self.entries(spot, "examples") {
            let Some(entry) = self.followed(entry) else { continue };
            if let Some(value) = entry.get("value") {
                found.push(example_at(&value));
            }
        }
        found
    }

    /// Every component by its path.
    fn components(&mut self, root: &Spot<'a>) -> BTreeMap<String, crate::source::Place> {
        let mut found = BTreeMap::new();
        let sections: Vec<Spot<'a>> = if self.dialect == Dialect::Swagger2 {
            ["definitions", "parameters", "responses"].iter().filter_map(|key| self.map(root, key)).collect()
        } else {
            let components = self.map(root, "components");
            components.iter().flat_map(|map| map.at.entries().map(|(name, _, at)| map.step(name, at))).collect()
        };
        for section in sections {
            for (name, _, at) in section.at.entries() {
                let component = section.step(name, at);
                found.insert(component.object.trim_start_matches('/').to_owned(), component.place());
            }
        }
        found
    }
}

fn example_at(spot: &Spot<'_>) -> Example {
    Example { anchor: anchor(spot), node: spot.at.id, mark: mark(spot) }
}

/// What a spot is called and where it stands.
fn anchor(spot: &Spot<'_>) -> Anchor {
    Anchor { object: spot.object.trim_start_matches('/').to_owned(), place: spot.place() }
}

/// A mark of a value's text: the same text has the same mark.
fn mark(spot: &Spot<'_>) -> u64 {
    let span = spot.at.span();
    let text = spot.at.doc().text().get(span.start as usize..span.end as usize).unwrap_or_default();
    let mut hasher = std::hash::DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
