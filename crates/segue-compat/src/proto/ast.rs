//! What one file of protobuf says, before names are resolved.
//!
//! The parser of `.proto` text and the reader of descriptor sets both make these, so that everything behind them is the
//! same. Must never hold a meaning that only one of the two readers gives. Tests: `parse/`, `descriptor.rs`, `tests/it/proto/`.

use crate::source::Span;

/// The version of the language that a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Syntax {
    Proto2,
    Proto3,
    Edition(u16),
}

impl Syntax {
    /// As a person says it.
    pub(crate) fn shown(self) -> String {
        match self {
            Self::Proto2 => "proto2".to_owned(),
            Self::Proto3 => "proto3".to_owned(),
            Self::Edition(year) => format!("edition {year}"),
        }
    }
}

/// A text with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: Box<str>,
    pub(crate) span: Span,
}

/// One option: `features.field_presence` and `IMPLICIT`; names of extensions in brackets.
#[derive(Debug, Clone)]
pub(crate) struct OptionAst {
    pub(crate) name: Box<str>,
    pub(crate) value: Box<str>,
    pub(crate) span: Span,
}

/// The options of one element.
pub(crate) type Options = Vec<OptionAst>;

/// The last value of an option.
pub(crate) fn option<'a>(options: &'a [OptionAst], name: &str) -> Option<&'a OptionAst> {
    options.iter().rev().find(|option| &*option.name == name)
}

/// The last value of an option as a truth.
pub(crate) fn truth(options: &[OptionAst], name: &str) -> Option<bool> {
    match &*option(options, name)?.value {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

#[derive(Debug, Clone)]
pub(crate) struct FileAst {
    pub(crate) path: String,
    /// Its index among the side's files, if it is text; a descriptor set has no places.
    pub(crate) source: Option<u32>,
    pub(crate) syntax: Syntax,
    pub(crate) syntax_at: Span,
    pub(crate) package: Name,
    pub(crate) imports: Vec<ImportAst>,
    pub(crate) options: Options,
    pub(crate) messages: Vec<MessageAst>,
    pub(crate) enums: Vec<EnumAst>,
    pub(crate) services: Vec<ServiceAst>,
    pub(crate) extends: Vec<ExtendAst>,
}

#[derive(Debug, Clone)]
pub(crate) struct ImportAst {
    pub(crate) path: Name,
    pub(crate) public: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct MessageAst {
    pub(crate) name: Option<Name>,
    pub(crate) fields: Vec<FieldAst>,
    pub(crate) oneofs: Vec<OneofAst>,
    pub(crate) messages: Vec<MessageAst>,
    pub(crate) enums: Vec<EnumAst>,
    pub(crate) extends: Vec<ExtendAst>,
    pub(crate) reserved: Reserved,
    /// `extensions 100 to max`.
    pub(crate) extension_ranges: Vec<Range>,
    pub(crate) options: Options,
}

#[derive(Debug, Clone)]
pub(crate) struct OneofAst {
    pub(crate) name: Name,
    pub(crate) options: Options,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    None,
    Optional,
    Required,
    Repeated,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TypeAst {
    /// A scalar or the name of a type, as written.
    Named(Box<str>),
    /// `map<key, value>`.
    Map(Box<str>, Box<str>),
    /// The old group, by the name of the message that it declares.
    Group(Box<str>),
}

#[derive(Debug, Clone)]
pub(crate) struct FieldAst {
    pub(crate) name: Name,
    pub(crate) number: i64,
    pub(crate) number_at: Span,
    pub(crate) label: Label,
    pub(crate) kind: TypeAst,
    pub(crate) kind_at: Span,
    /// Its index among the message's oneofs.
    pub(crate) oneof: Option<u32>,
    pub(crate) options: Options,
}

#[derive(Debug, Clone)]
pub(crate) struct ExtendAst {
    /// The message that is extended, as written.
    pub(crate) extendee: Name,
    pub(crate) fields: Vec<FieldAst>,
}

/// Numbers from `start` to `end`, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Range {
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) span: Span,
}

/// What must not be used again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reserved {
    pub(crate) ranges: Vec<Range>,
    pub(crate) names: Vec<Name>,
}

#[derive(Debug, Clone)]
pub(crate) struct EnumAst {
    pub(crate) name: Name,
    pub(crate) values: Vec<ValueAst>,
    pub(crate) reserved: Reserved,
    pub(crate) options: Options,
}

#[derive(Debug, Clone)]
pub(crate) struct ValueAst {
    pub(crate) name: Name,
    pub(crate) number: i64,
    pub(crate) options: Options,
}

#[derive(Debug, Clone)]
pub(crate) struct ServiceAst {
    pub(crate) name: Name,
    pub(crate) methods: Vec<MethodAst>,
    pub(crate) options: Options,
}

#[derive(Debug, Clone)]
pub(crate) struct MethodAst {
    pub(crate) name: Name,
    pub(crate) input: Name,
    pub(crate) client_streaming: bool,
    pub(crate) output: Name,
    pub(crate) server_streaming: bool,
    pub(crate) options: Options,
}

/// What is wrong with a file: a sentence without any text of it, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) at: Span,
    pub(crate) what: String,
}

/// The text of the file does not follow the grammar.
pub(crate) const GRAMMAR: &str = "SG-CHK-040";
/// The file follows the grammar and contradicts itself.
pub(crate) const MEANING: &str = "SG-CHK-041";
/// A type that no file of the side declares.
pub(crate) const UNKNOWN_TYPE: &str = "SG-CHK-042";
/// A descriptor set that cannot be read.
pub(crate) const DESCRIPTOR: &str = "SG-CHK-043";
/// A file that is no protobuf at all, or more than is read.
pub(crate) const NOT_PROTO: &str = "SG-CHK-044";
