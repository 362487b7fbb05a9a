//! Reads schemas of the JSON Schema family into shapes: drafts 4 to 2020-12, OpenAPI 3.0 and 3.1, Swagger 2.
//!
//! One reader for all of them, so that a keyword means the same wherever it stands; what the dialects disagree on is asked of
//! [`Dialect`]. It never recurses (a queue), reads every schema once, and follows `$ref` by a callback of the family. What
//! it does not understand it says, in `unread` of the shape and in `not_checked`; it must never read a broken keyword as if it
//! were not there without saying so. Tests: `tests/it/shape/schema.rs`.

mod combine;
mod files;
mod limits;
mod unevaluated;

use std::collections::{BTreeSet, VecDeque};

use crate::doc::{At, Value};
use crate::shape::{Content, Literal, Notes, ShapeId, Shapes, Step, Types};
use crate::source::Place;
pub use files::FileIndex;

/// A dialect of schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// JSON Schema draft 4.
    Draft4,
    /// JSON Schema draft 6.
    Draft6,
    /// JSON Schema draft 7.
    Draft7,
    /// JSON Schema 2019-09.
    Draft2019,
    /// JSON Schema 2020-12.
    Draft2020,
    /// The schema objects of OpenAPI 3.0.
    OpenApi30,
    /// The schema objects of OpenAPI 3.1, which are JSON Schema 2020-12.
    OpenApi31,
    /// The schema objects of Swagger 2.0.
    Swagger2,
}

impl Dialect {
    /// What stands beside a `$ref` counts.
    pub fn siblings_count(self) -> bool {
        matches!(self, Self::Draft2019 | Self::Draft2020 | Self::OpenApi31)
    }

    /// `exclusiveMinimum` is true or false, and makes `minimum` exclusive.
    pub fn exclusive_is_a_flag(self) -> bool {
        matches!(self, Self::Draft4 | Self::OpenApi30 | Self::Swagger2)
    }

    /// `nullable: true` adds null.
    fn nullable(self) -> Option<&'static str> {
        match self {
            Self::OpenApi30 => Some("nullable"),
            Self::Swagger2 => Some("x-nullable"),
            _ => None,
        }
    }

    /// Of the OpenAPI family, where `discriminator` means something.
    fn is_api(self) -> bool {
        matches!(self, Self::OpenApi30 | Self::OpenApi31 | Self::Swagger2)
    }

    /// `1.0` is whole: so from draft 6 on.
    fn has(self, keyword: &str) -> bool {
        let api = matches!(self, Self::OpenApi30 | Self::Swagger2);
        match keyword {
            "const" | "contains" | "propertyNames" => !api && self != Self::Draft4,
            "if" | "contentEncoding" | "contentMediaType" => {
                matches!(self, Self::Draft7 | Self::Draft2019 | Self::Draft2020 | Self::OpenApi31)
            }
            "patternProperties" | "dependencies" | "additionalItems" => !api,
            "dependentRequired" | "dependentSchemas" | "unevaluatedProperties" | "unevaluatedItems" | "minContains" => {
                self.siblings_count()
            }
            "prefixItems" | "$dynamicRef" => matches!(self, Self::Draft2020 | Self::OpenApi31),
            "$recursiveRef" => self == Self::Draft2019,
            _ => true,
        }
    }
}

/// What a `$ref` names.
#[derive(Debug, Clone)]
pub struct Target<'a> {
    /// The schema.
    pub at: At<'a>,
    /// The file in which it stands.
    pub file: u32,
    /// Its name when it is read by this reference: `components/schemas/Order`.
    pub name: String,
}

/// Finds what a `$ref` names: the file in which the reference stands, and its text.
pub type Resolver<'a> = Box<dyn Fn(u32, &str) -> Option<Target<'a>> + 'a>;

/// Reads schemas of one side.
pub struct Reader<'a> {
    dialect: Dialect,
    resolver: Resolver<'a>,
    /// What was read so far.
    pub shapes: Shapes,
    /// What was not read, one sentence each.
    pub not_checked: Vec<String>,
    /// What was wrong but read over.
    pub skipped: Vec<(Place, String)>,
    /// For each file and each value of it the shape that was read from it, from 1; 0 is none.
    known: Vec<Vec<u32>>,
    queue: VecDeque<(At<'a>, u32, ShapeId)>,
    drains: bool,
    lost: BTreeSet<String>,
    /// Names of anchors that may mean several schemas; `None` where nobody looked for anchors.
    ambiguous: Option<BTreeSet<String>>,
    /// Shapes whose `unevaluated…` is looked at when everything beside it was read.
    unevaluated: Vec<ShapeId>,
    /// How much may still be copied for them.
    copies: usize,
}

/// Reads one family of keywords.
type Read<'a> = fn(&mut Reader<'a>, Here<'a>);

/// The schema that is being read.
#[derive(Clone, Copy)]
struct Here<'a> {
    at: At<'a>,
    file: u32,
    id: ShapeId,
}

impl<'a> Reader<'a> {
    /// A reader of one dialect.
    pub fn new(dialect: Dialect, resolver: Resolver<'a>) -> Self {
        Self {
            dialect,
            resolver,
            shapes: Shapes::new(),
            not_checked: Vec::new(),
            skipped: Vec::new(),
            known: Vec::new(),
            queue: VecDeque::new(),
            drains: false,
            lost: BTreeSet::new(),
            ambiguous: None,
            unevaluated: Vec::new(),
            copies: unevaluated::COPIES_MAX,
        }
    }

    /// Names of anchors that stand more than once in all files, one of them as a `$dynamicAnchor`: what a `$dynamicRef` to such
    /// a name means depends on the way to it, and every other one is a `$ref`. `$recursiveRef` stands here where several roots
    /// may be meant.
    pub fn ambiguous_anchors(&mut self, names: BTreeSet<String>) {
        self.ambiguous = Some(names);
    }

    /// Something that was referred to was not read, and may differ between the sides: a document of the web that both name
    /// by one URL is one document.
    pub fn has_lost(&self) -> bool {
        self.lost.iter().any(|text| !text.contains("://"))
    }

    /// Reads one schema. The same value of a document gives the same shape; what it refers to is read as well.
    pub fn shape(&mut self, at: At<'a>, file: u32, parent: Option<ShapeId>, step: Step) -> ShapeId {
        let id = self.later(at, file, parent, step);
        if !self.drains {
            self.drains = true;
            while let Some((at, file, id)) = self.queue.pop_front() {
                self.fill(Here { at, file, id });
            }
            self.settle_unevaluated();
            self.drains = false;
        }
        id
    }

    /// Reads a schema that has a name of its own.
    pub fn root(&mut self, at: At<'a>, file: u32, name: &str) -> ShapeId {
        self.shape(at, file, None, Step::Root(name.into()))
    }

    /// The shapes, and what was not read.
    pub fn finish(mut self) -> (Shapes, Vec<String>) {
        self.not_checked.sort();
        self.not_checked.dedup();
        (self.shapes, self.not_checked)
    }

    fn later(&mut self, at: At<'a>, file: u32, parent: Option<ShapeId>, step: Step) -> ShapeId {
        let (index, node) = (file as usize, at.id.index());
        if self.known.len() <= index {
            self.known.resize_with(index + 1, Vec::new);
        }
        if let Some(known) = self.known.get_mut(index).filter(|known| known.len() <= node) {
            known.resize(at.doc().len().max(node + 1), 0);
        }
        let slot = self.known.get_mut(index).and_then(|known| known.get_mut(node));
        if let Some(known) = slot.as_ref().and_then(|slot| slot.checked_sub(1)) {
            return ShapeId(known);
        }
        let id = self.shapes.add(parent, step, Place { file, span: at.span() });
        if let Some(slot) = slot {
            *slot = id.0 + 1;
        }
        self.queue.push_back((at, file, id));
        id
    }

    fn child(&mut self, here: Here<'a>, at: At<'a>, keyword: &'static str) -> ShapeId {
        self.later(at, here.file, Some(here.id), Step::Keyword(keyword))
    }

    /// One of those that a keyword has by names.
    fn named_child(&mut self, here: Here<'a>, at: At<'a>, keyword: &str, name: &str) -> ShapeId {
        let name = name.replace('~', "~0").replace('/', "~1");
        self.later(at, here.file, Some(here.id), Step::Part(format!("{keyword}/{name}").into()))
    }

    fn children(&mut self, here: Here<'a>, list: At<'a>, keyword: &'static str) -> Vec<ShapeId> {
        let mut ids = Vec::with_capacity(list.items().len());
        for (index, at) in (0..).zip(list.items()) {
            ids.push(self.later(at, here.file, Some(here.id), Step::Index(keyword, index)));
        }
        ids
    }

    /// A keyword whose value cannot be read: said, and never taken as if it were not there.
    fn wrong(&mut self, here: Here<'a>, keyword: &str, at: At<'a>) {
        let what = format!("`{keyword}` is {}, which cannot be read", at.what());
        self.skipped.push((Place { file: here.file, span: at.span() }, what.clone()));
        self.not_checked.push(format!("{}: {what}", self.shapes.object(here.id)));
        self.unread(here, &format!("{what}: {}", text_of(at)));
    }

    fn unread(&mut self, here: Here<'a>, what: &str) {
        self.shapes.get_mut(here.id).rare_mut().unread.push(what.into());
    }

    fn fill(&mut self, here: Here<'a>) {
        match here.at.value() {
            Value::Bool(true) => {}
            Value::Bool(false) => self.shapes.get_mut(here.id).types = Types::NONE,
            Value::Map => self.fill_map(here),
            _ => self.wrong(here, "schema", here.at),
        }
    }

    fn fill_map(&mut self, here: Here<'a>) {
        if let Some(reference) = here.at.get("$ref") {
            if let Some(text) = reference.text() {
                self.reference(here, text);
                if !self.dialect.siblings_count() {
                    return;
                }
            } else if !self.dialect.is_api() {
                self.wrong(here, "$ref", reference);
            }
        }
        let said = Family::of_keywords(here.at);
        let readers: [(u16, Read<'a>); 9] = [
            (Family::KINDS, Self::kinds),
            (Family::MEMBERS, Self::members),
            (Family::NUMBERS, Self::numbers),
            (Family::TEXTS, Self::texts),
            (Family::LISTS, Self::lists),
            (Family::MAPS, Self::maps),
            (Family::COMBINED, Self::combined),
            (Family::NOTES, Self::notes),
            (Family::STRANGE, Self::strange),
        ];
        for (_, read) in readers.iter().filter(|(family, _)| said & family != 0) {
            read(self, here);
        }
    }

    fn reference(&mut self, here: Here<'a>, text: &str) {
        if let Some(target) = (self.resolver)(here.file, text) {
            let id = self.later(target.at, target.file, None, Step::Root(target.name.into()));
            self.shapes.get_mut(here.id).reference = Some(id);
            return;
        }
        if self.lost.insert(text.to_owned()) {
            self.not_checked.push(format!("{}: `{text}` is referred to and was not read", self.shapes.object(here.id)));
        }
        self.unread(here, &format!("the reference `{text}` was not read"));
    }

    /// Keywords that the relation has no form for.
    fn strange(&mut self, here: Here<'a>) {
        for keyword in ["$dynamicRef", "$recursiveRef"] {
            if let Some(at) = here.at.get(keyword).filter(|_| self.dialect.has(keyword)) {
                let alone = here.at.get("$ref").is_none();
                if let Some(text) = at.text().filter(|text| alone && self.means_one(keyword, text)) {
                    self.reference(here, text);
                    continue;
                }
                self.not_checked.push(format!("{}: `{keyword}` is not followed", self.shapes.object(here.id)));
                self.unread(here, &format!("`{keyword}` {}", text_of(at)));
            }
        }
    }

    /// A dynamic reference that can mean one thing only: it names a place or a whole document, no dynamic anchor, or the only
    /// anchor of its name.
    fn means_one(&self, keyword: &str, text: &str) -> bool {
        let fragment = text.split_once('#').map_or("", |(_, fragment)| fragment);
        let one = |name: &str| self.ambiguous.as_ref().is_some_and(|names| !names.contains(name));
        match keyword {
            "$recursiveRef" => text == "#" && one(keyword),
            _ => fragment.is_empty() || fragment.starts_with('/') || one(fragment),
        }
    }

    fn kinds(&mut self, here: Here<'a>) {
        let Some(at) = here.at.get("type") else { return };
        let mut types = Types::NONE;
        let mut known = true;
        let mut one = |name: Option<&str>| match name.and_then(type_named) {
            Some(more) => types = types.or(more),
            None => known = false,
        };
        match at.value() {
            Value::Text(name) => one(Some(name)),
            Value::List(_) => at.items().for_each(|item| one(item.text())),
            _ => known = false,
        }
        if !known {
            self.wrong(here, "type", at);
            return;
        }
        if self.dialect.nullable().is_some_and(|keyword| here.at.get(keyword).and_then(At::bool) == Some(true)) {
            types = types.or(Types::NULL);
        }
        self.shapes.get_mut(here.id).types = types;
    }

    fn members(&mut self, here: Here<'a>) {
        let mut members: Option<Vec<Literal>> = None;
        if let Some(at) = here.at.get("enum") {
            if !at.is_list() {
                self.wrong(here, "enum", at);
                return;
            }
            members = Some(at.items().map(Literal::of).collect());
        }
        if let Some(at) = here.at.get("const").filter(|_| self.dialect.has("const")) {
            let only = Literal::of(at);
            let fits = members.as_ref().is_none_or(|members| members.contains(&only));
            members = Some(if fits { vec![only] } else { Vec::new() });
        }
        if let Some(mut members) = members {
            members.sort();
            members.dedup();
            self.shapes.get_mut(here.id).members = Some(members.into());
        }
    }

    fn notes(&mut self, here: Here<'a>) {
        let is = |key: &str| here.at.get(key).and_then(At::bool) == Some(true);
        let format = here.at.text_at("format").filter(|name| is_number_format(name));
        let notes = Notes {
            default: here.at.get("default").map(Literal::of),
            format: format.map(Into::into),
            deprecated: is("deprecated"),
            read_only: is("readOnly"),
            write_only: is("writeOnly"),
            nullable_unsure: here.at.get("type").is_none()
                && self.dialect.nullable().is_some_and(is)
                && ["allOf", "anyOf", "oneOf"].iter().any(|key| here.at.get(key).is_some()),
            title: here.at.text_at("title").map(Into::into),
            aliases: Vec::new(),
            content: self.content(here).map(Box::new),
        };
        if notes != Notes::default() {
            self.shapes.get_mut(here.id).notes = Some(Box::new(notes));
        }
    }
}

impl<'a> Reader<'a> {
    fn content(&self, here: Here<'a>) -> Option<Content> {
        let of = |keyword: &str| here.at.text_at(keyword).filter(|_| self.dialect.has(keyword)).map(Into::into);
        let content = Content { encoding: of("contentEncoding"), media: of("contentMediaType") };
        (content != Content::default()).then_some(content)
    }
}

/// Families of keywords, as bits: a reader asks for a dozen keywords each, and most schemas have two or three.
struct Family;

impl Family {
    const KINDS: u16 = 1;
    const MEMBERS: u16 = 2;
    const NUMBERS: u16 = 4;
    const TEXTS: u16 = 8;
    const LISTS: u16 = 16;
    const MAPS: u16 = 32;
    const COMBINED: u16 = 64;
    const NOTES: u16 = 128;
    const STRANGE: u16 = 256;

    /// Which families a schema has keywords of.
    fn of_keywords(at: At<'_>) -> u16 {
        at.entries().fold(0, |all, (key, ..)| all | Self::of(key))
    }

    fn of(keyword: &str) -> u16 {
        match keyword {
            "type" => Self::KINDS,
            "enum" | "const" => Self::MEMBERS,
            "minimum" | "maximum" | "multipleOf" | "exclusiveMinimum" | "exclusiveMaximum" => Self::NUMBERS,
            "minLength" | "maxLength" | "pattern" => Self::TEXTS,
            "format" => Self::TEXTS | Self::NOTES,
            "minItems" | "maxItems" | "uniqueItems" | "prefixItems" | "items" | "additionalItems" | "contains" | "minContains"
            | "maxContains" | "unevaluatedItems" => Self::LISTS,
            "minProperties"
            | "maxProperties"
            | "properties"
            | "required"
            | "patternProperties"
            | "additionalProperties"
            | "propertyNames"
            | "dependencies"
            | "dependentRequired"
            | "dependentSchemas"
            | "unevaluatedProperties" => Self::MAPS,
            "allOf" | "anyOf" | "oneOf" | "not" | "if" | "then" | "else" | "discriminator" => Self::COMBINED,
            "default" | "deprecated" | "readOnly" | "writeOnly" | "title" | "nullable" | "x-nullable" | "contentEncoding"
            | "contentMediaType" => Self::NOTES,
            "$dynamicRef" | "$recursiveRef" => Self::STRANGE,
            _ => 0,
        }
    }
}

/// The name of a type as the dialects write it; Swagger's `file` is text.
fn type_named(name: &str) -> Option<Types> {
    Some(match name {
        "null" => Types::NULL,
        "boolean" => Types::BOOLEAN,
        "integer" => Types::INTEGER,
        "number" => Types::NUMBER,
        "string" | "file" => Types::STRING,
        "array" => Types::ARRAY,
        "object" => Types::OBJECT,
        "any" => Types::ANY,
        _ => return None,
    })
}

/// Formats of numbers are kept apart from formats of texts.
pub(super) fn is_number_format(name: &str) -> bool {
    matches!(name, "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64" | "float" | "double" | "decimal")
}

/// The text of a value in its file, for telling two of them apart.
fn text_of(at: At<'_>) -> &str {
    let span = at.span();
    at.doc().text().get(span.start as usize..span.end as usize).unwrap_or_default()
}
