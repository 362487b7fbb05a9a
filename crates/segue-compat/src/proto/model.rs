//! One side of protobuf with every name resolved and every feature inherited.
//!
//! Types are found by their full names, whatever file they stand in; a place names the file. Editions, proto2 and proto3 are
//! the same here: a field knows its presence, whether it is packed, how it is delimited, and an enum whether it is closed.
//! Must never keep what depends on the order of files. Tests: `resolve.rs`, `tests/it/proto/`.

use std::collections::BTreeMap;

use super::ast::{Name, Options, Syntax};
use super::ranges::{Ranges, ReservedSet};
use crate::source::Place;

/// The number of a message in [`Model::messages`].
pub(crate) type MessageId = u32;
/// The number of an enum in [`Model::enums`].
pub(crate) type EnumId = u32;

/// One side.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) files: Vec<FileModel>,
    pub(crate) messages: Vec<Message>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) services: Vec<Service>,
    /// Extensions by the extended message's full name, as fields of it.
    pub(crate) extensions: Vec<Extension>,
    pub(crate) types: BTreeMap<Box<str>, TypeId>,
    /// Imports that no file of the side answers and that are not among the well-known ones.
    pub(crate) missing: Vec<(u32, Name)>,
    /// The names of the custom options, of which nothing else is kept.
    pub(crate) custom: std::collections::BTreeSet<String>,
}

/// What a full name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TypeId {
    Message(MessageId),
    Enum(EnumId),
}

#[derive(Debug)]
pub(crate) struct FileModel {
    /// Its path among the files of the side, without what all of them share.
    pub(crate) key: String,
    /// Its index among the side's files, if it is text.
    pub(crate) source: Option<u32>,
    pub(crate) place: Place,
    pub(crate) package: Name,
    pub(crate) syntax: Syntax,
    pub(crate) options: Options,
    /// `import public`, as written.
    pub(crate) public_imports: Vec<Name>,
}

#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) name: Box<str>,
    pub(crate) place: Place,
    /// Sorted by number.
    pub(crate) fields: Vec<Field>,
    /// The fields in the order of their names.
    pub(crate) names: Vec<u32>,
    pub(crate) oneofs: Vec<Name>,
    pub(crate) reserved: ReservedSet,
    pub(crate) extension_ranges: Ranges,
    /// The strict JSON mapping is asked for (`json_format = ALLOW`).
    pub(crate) json: bool,
    pub(crate) set_format: bool,
    pub(crate) no_accessor: bool,
    pub(crate) deprecated: bool,
}

/// How a reader knows that a field is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Explicit,
    Implicit,
    Required,
}

/// The types that are no message and no enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scalar {
    Double,
    Float,
    Int32,
    Int64,
    Uint32,
    Uint64,
    Sint32,
    Sint64,
    Fixed32,
    Fixed64,
    Sfixed32,
    Sfixed64,
    Bool,
    String,
    Bytes,
}

impl Scalar {
    /// By its word in the language.
    pub(crate) fn named(word: &str) -> Option<Self> {
        ALL_SCALARS.iter().find(|scalar| scalar.1 == word).map(|scalar| scalar.0)
    }

    /// Its word.
    pub(crate) fn word(self) -> &'static str {
        ALL_SCALARS.iter().find(|scalar| scalar.0 == self).map_or("", |scalar| scalar.1)
    }
}

/// Every scalar with its word, in the order of their numbers.
pub(crate) const ALL_SCALARS: &[(Scalar, &str)] = &[
    (Scalar::Double, "double"),
    (Scalar::Float, "float"),
    (Scalar::Int64, "int64"),
    (Scalar::Uint64, "uint64"),
    (Scalar::Int32, "int32"),
    (Scalar::Fixed64, "fixed64"),
    (Scalar::Fixed32, "fixed32"),
    (Scalar::Bool, "bool"),
    (Scalar::String, "string"),
    (Scalar::Bytes, "bytes"),
    (Scalar::Uint32, "uint32"),
    (Scalar::Sfixed32, "sfixed32"),
    (Scalar::Sfixed64, "sfixed64"),
    (Scalar::Sint32, "sint32"),
    (Scalar::Sint64, "sint64"),
];

/// The type of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Scalar(Scalar),
    Message(MessageId),
    Enum(EnumId),
    /// Of a file that was not given, by its name: a well-known type, or one of a missing import.
    Elsewhere(Box<str>),
    Map(Scalar, Box<Type>),
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: Box<str>,
    pub(crate) number: i64,
    pub(crate) place: Place,
    pub(crate) kind: Type,
    pub(crate) kind_at: Place,
    pub(crate) repeated: bool,
    pub(crate) presence: Presence,
    /// Of a repeated field of numbers.
    pub(crate) packed: bool,
    /// A message between group tags, not behind a length.
    pub(crate) delimited: bool,
    /// Texts are refused that are no UTF-8.
    pub(crate) utf8: bool,
    /// Its index among the message's oneofs.
    pub(crate) oneof: Option<u32>,
    pub(crate) json_name: Box<str>,
    pub(crate) default: Option<Box<str>>,
    pub(crate) deprecated: bool,
    /// What only generated code shows: `jstype`, `ctype`, `java utf8`.
    pub(crate) code: Vec<(&'static str, Box<str>)>,
}

#[derive(Debug)]
pub(crate) struct Extension {
    pub(crate) extendee: Box<str>,
    /// The scope's name and the field's.
    pub(crate) name: Box<str>,
    pub(crate) field: Field,
}

#[derive(Debug)]
pub(crate) struct Enum {
    pub(crate) name: Box<str>,
    pub(crate) place: Place,
    /// In the order of the file.
    pub(crate) values: Vec<EnumValue>,
    pub(crate) closed: bool,
    pub(crate) json: bool,
    pub(crate) reserved: ReservedSet,
    pub(crate) deprecated: bool,
}

#[derive(Debug)]
pub(crate) struct EnumValue {
    pub(crate) name: Box<str>,
    pub(crate) number: i64,
    pub(crate) place: Place,
    pub(crate) deprecated: bool,
}

#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) name: Box<str>,
    pub(crate) place: Place,
    pub(crate) methods: Vec<Method>,
    pub(crate) deprecated: bool,
}

#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) name: Box<str>,
    pub(crate) place: Place,
    pub(crate) input: Type,
    pub(crate) output: Type,
    pub(crate) client_streaming: bool,
    pub(crate) server_streaming: bool,
    pub(crate) idempotency: Box<str>,
    pub(crate) deprecated: bool,
    /// The parts of `google.api.http`, in the order in which they stand: `get` and `/v1/orders/{id}`.
    pub(crate) http: Vec<(Box<str>, Box<str>)>,
}

impl Model {
    /// A message by its number.
    pub(crate) fn message(&self, id: MessageId) -> &Message {
        &self.messages[id as usize]
    }

    /// An enum by its number.
    pub(crate) fn enumeration(&self, id: EnumId) -> &Enum {
        &self.enums[id as usize]
    }

    /// A type as a person writes it.
    pub(crate) fn shown(&self, kind: &Type) -> String {
        match kind {
            Type::Scalar(scalar) => scalar.word().to_owned(),
            Type::Message(id) => self.message(*id).name.to_string(),
            Type::Enum(id) => self.enumeration(*id).name.to_string(),
            Type::Elsewhere(name) => name.to_string(),
            Type::Map(key, value) => format!("map<{}, {}>", key.word(), self.shown(value)),
        }
    }

    /// The file of a place.
    pub(crate) fn file(&self, place: Place) -> &FileModel {
        &self.files[place.file as usize]
    }
}

impl Field {
    /// As a person writes its cardinality and type.
    pub(crate) fn shown(&self, model: &Model) -> String {
        let group = if self.delimited { "delimited " } else { "" };
        format!("{}{group}{}", if self.repeated { "repeated " } else { "" }, model.shown(&self.kind))
    }
}

impl Message {
    /// A field by its number.
    pub(crate) fn by_number(&self, number: i64) -> Option<&Field> {
        self.fields.binary_search_by_key(&number, |field| field.number).ok().map(|at| &self.fields[at])
    }

    /// A field by its name.
    pub(crate) fn by_name(&self, name: &str) -> Option<&Field> {
        let at = self.names.binary_search_by(|at| (*self.fields[*at as usize].name).cmp(name)).ok()?;
        self.fields.get(self.names[at] as usize)
    }

    /// The name of a field's oneof.
    pub(crate) fn oneof_of(&self, field: &Field) -> Option<&str> {
        self.oneofs.get(field.oneof? as usize).map(|name| &*name.text)
    }
}
