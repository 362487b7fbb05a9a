//! What an OpenAPI document promises, one form for Swagger 2.0 and OpenAPI 3.0 and 3.1.
//!
//! Plain values with the place and the name of each; value shapes stand in the arena. Never holds what was not in the
//! document, except the defaults that the specification gives. Tests: `tests/it/openapi/`.

mod security;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

pub(super) use security::{Flow, Requirement, Scheme, Security};
use segue_model::check::Side;
pub(super) use server::{Server, without_user};

use crate::doc::NodeId;
use crate::shape::{Literal, ShapeId, Shapes};
use crate::source::Place;

/// Which specification a document follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dialect {
    /// Swagger 2.0.
    Swagger2,
    /// OpenAPI 3.0.
    V30,
    /// OpenAPI 3.1 and later.
    V31,
}

impl Dialect {
    /// What people call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Swagger2 => "Swagger 2.0",
            Self::V30 => "OpenAPI 3.0",
            Self::V31 => "OpenAPI 3.1",
        }
    }
}

/// What something is called, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Anchor {
    /// Its path: `components/parameters/limit`, `paths/~1orders/get`.
    pub(super) object: String,
    pub(super) place: Place,
}

/// A whole document.
pub(super) struct Document {
    pub(super) side: Side,
    pub(super) dialect: Dialect,
    /// `info.version`.
    pub(super) version: Option<(String, Place)>,
    pub(super) root: Anchor,
    pub(super) servers: Vec<Server>,
    pub(super) schemes: BTreeMap<String, Scheme>,
    pub(super) operations: Vec<Operation>,
    pub(super) webhooks: Vec<Operation>,
    /// The components by their paths.
    pub(super) components: BTreeMap<String, Place>,
    /// The schemas of the components that were read, by name.
    pub(super) schemas: BTreeMap<String, ShapeId>,
    pub(super) shapes: Shapes,
    /// What was skipped: the object, the sentence, and a mark of the text that was skipped.
    pub(super) skipped: BTreeMap<String, (String, u64)>,
    /// What was not handed over.
    pub(super) unresolved: BTreeSet<String>,
}

/// When something is to go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lifecycle {
    pub(super) deprecated: bool,
    /// `x-sunset` as it stands.
    pub(super) sunset: Option<String>,
    /// `x-stability-level` as it stands.
    pub(super) stability: Option<String>,
    /// What is to be used in its place, when the document names it.
    pub(super) successor: Option<String>,
}

/// One method of one path, or what is sent to a subscriber.
pub(super) struct Operation {
    pub(super) anchor: Anchor,
    /// In capitals.
    pub(super) method: String,
    /// As written.
    pub(super) path: String,
    pub(super) id: Option<(String, Place)>,
    pub(super) tags: BTreeSet<String>,
    pub(super) life: Lifecycle,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<Body>,
    pub(super) responses: BTreeMap<String, Box<Response>>,
    pub(super) callbacks: BTreeMap<String, Vec<Operation>>,
    /// Its own, or the document's.
    pub(super) security: Rc<Security>,
    /// Its own or its path's; empty when the document's hold.
    pub(super) servers: Vec<Server>,
    /// Extensions that say something of behaviour, by name: rate limits, pagination, idempotency, time-outs.
    pub(super) behaviour: BTreeMap<String, (Literal, Place)>,
}

impl Operation {
    /// What a person calls it: `POST /orders`.
    pub(super) fn label(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// Where a parameter stands in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

impl Location {
    /// As documents write it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// A parameter of a request.
#[derive(Debug, Clone)]
pub(super) struct Parameter {
    pub(super) anchor: Anchor,
    pub(super) name: String,
    pub(super) location: Location,
    /// For one of a path: which of its templates, from 0.
    pub(super) index: Option<usize>,
    pub(super) required: bool,
    pub(super) allow_empty: bool,
    /// How a value becomes text: style, explode, reserved characters.
    pub(super) style: String,
    /// Written by a media type and not by a style.
    pub(super) media: Option<String>,
    pub(super) life: Lifecycle,
    pub(super) shape: Option<ShapeId>,
    pub(super) examples: Vec<Example>,
}

/// An example that stands in the document; read only when it must be, because documents are full of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Example {
    pub(super) anchor: Anchor,
    pub(super) node: NodeId,
    /// A mark of its text: the same text has the same mark.
    pub(super) mark: u64,
}

/// The body of a request.
pub(super) struct Body {
    pub(super) anchor: Anchor,
    pub(super) required: bool,
    pub(super) media: BTreeMap<String, Box<Media>>,
}

/// One media type of a body.
#[derive(Debug, Clone)]
pub(super) struct Media {
    pub(super) anchor: Anchor,
    pub(super) shape: Option<ShapeId>,
    /// How the parts of a form are written, as it stands.
    pub(super) encoding: Option<Literal>,
    pub(super) examples: Vec<Example>,
}

/// One response of an operation.
pub(super) struct Response {
    pub(super) anchor: Anchor,
    pub(super) media: BTreeMap<String, Box<Media>>,
    /// By name in lower case.
    pub(super) headers: BTreeMap<String, Box<Header>>,
    pub(super) links: BTreeMap<String, (Literal, Place)>,
}

/// A header of a response.
pub(super) struct Header {
    pub(super) anchor: Anchor,
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) life: Lifecycle,
    pub(super) shape: Option<ShapeId>,
}
