//! An Avro schema as an arena: named types are one node, whoever refers to them, so that cycles are data.
//!
//! Must never hold what only one reader of schemas would tell. Tests: `read.rs`, `tests/it/avro/`.

use std::collections::BTreeMap;

use crate::shape::Literal;
use crate::source::Place;

/// The number of a node.
pub(super) type Id = u32;

/// One side: every type, and the roots, one for each file.
#[derive(Debug, Default)]
pub(super) struct Schema {
    pub(super) nodes: Vec<Node>,
    pub(super) names: BTreeMap<Box<str>, Id>,
    /// The file's name and the type that it declares.
    pub(super) roots: Vec<(String, Id)>,
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// Where it stands, for people: `shop.Order.items[]`.
    pub(super) path: Box<str>,
    pub(super) at: Place,
    /// Full names of earlier times.
    pub(super) aliases: Vec<Box<str>>,
    pub(super) logical: Option<Logical>,
}

/// What a value means above its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Logical {
    Decimal {
        precision: u64,
        scale: u64,
    },
    /// `date`, `timestamp-millis`, `uuid`, `duration`, or a name that the specification does not know.
    Named(Box<str>),
}

#[derive(Debug)]
pub(super) enum Kind {
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Record {
        name: Box<str>,
        fields: Vec<Field>,
    },
    Enum {
        name: Box<str>,
        symbols: Vec<Box<str>>,
        default: Option<Box<str>>,
    },
    Fixed {
        name: Box<str>,
        size: u64,
    },
    Array(Id),
    Map(Id),
    Union(Vec<Id>),
    /// A type by its full name; the reader of schemas has made sure that it is there.
    Named(Box<str>),
}

#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: Box<str>,
    pub(super) aliases: Vec<Box<str>>,
    pub(super) schema: Id,
    pub(super) default: Option<Literal>,
    pub(super) order: Box<str>,
    pub(super) at: Place,
}

impl Schema {
    /// The node of a type, behind its name.
    pub(super) fn deref(&self, id: Id) -> Id {
        match &self.nodes[id as usize].kind {
            Kind::Named(name) => self.names.get(name).copied().unwrap_or(id),
            _ => id,
        }
    }

    /// A node by its number; never a name.
    pub(super) fn node(&self, id: Id) -> &Node {
        &self.nodes[self.deref(id) as usize]
    }

    /// The fields of a record.
    pub(super) fn fields(&self, id: Id) -> Option<&[Field]> {
        if let Kind::Record { fields, .. } = &self.node(id).kind { Some(fields) } else { None }
    }

    /// The symbols of an enum and its default.
    pub(super) fn symbols(&self, id: Id) -> Option<(&[Box<str>], Option<&str>)> {
        if let Kind::Enum { symbols, default, .. } = &self.node(id).kind { Some((symbols, default.as_deref())) } else { None }
    }

    /// A type for people: `long`, `array of shop.Item`.
    pub(super) fn shown(&self, id: Id) -> String {
        let node = self.node(id);
        let plain = match &node.kind {
            Kind::Array(items) => format!("array of {}", self.short(*items)),
            Kind::Map(values) => format!("map of {}", self.short(*values)),
            Kind::Union(branches) => {
                let mut shown: Vec<String> = branches.iter().take(6).map(|branch| self.short(*branch)).collect();
                if branches.len() > 6 {
                    shown.push("…".to_owned());
                }
                format!("[{}]", shown.join(", "))
            }
            _ => self.branch(id),
        };
        match &node.logical {
            Some(logical) => format!("{plain} ({})", logical.shown()),
            None => plain,
        }
    }

    fn short(&self, id: Id) -> String {
        match &self.node(id).kind {
            Kind::Array(_) => "array".to_owned(),
            Kind::Map(_) => "map".to_owned(),
            Kind::Union(_) => "union".to_owned(),
            _ => self.branch(id),
        }
    }

    /// The name that a branch of a union has in JSON: the type's word, or the full name.
    pub(super) fn branch(&self, id: Id) -> String {
        self.name(id).to_owned()
    }

    /// The same, borrowed.
    pub(super) fn name(&self, id: Id) -> &str {
        match &self.node(id).kind {
            Kind::Null => "null",
            Kind::Boolean => "boolean",
            Kind::Int => "int",
            Kind::Long => "long",
            Kind::Float => "float",
            Kind::Double => "double",
            Kind::Bytes => "bytes",
            Kind::String => "string",
            Kind::Array(_) => "array",
            Kind::Map(_) => "map",
            Kind::Union(_) => "union",
            Kind::Record { name, .. } | Kind::Enum { name, .. } | Kind::Fixed { name, .. } | Kind::Named(name) => name,
        }
    }
}

impl Logical {
    /// For people.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Decimal { precision, scale } => format!("decimal of {precision} digits, {scale} behind the point"),
            Self::Named(name) => name.to_string(),
        }
    }
}

/// A full name without its namespace.
pub(super) fn unqualified(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
