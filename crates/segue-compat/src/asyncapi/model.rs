//! One model for versions 2 and 3: servers, channels by address, operations by address and direction.
//!
//! Tests: `tests/it/asyncapi/`.

use std::collections::BTreeMap;

use crate::policy::Role;
use crate::shape::{ShapeId, Shapes};
use crate::source::Place;

/// Which way messages go, as the application sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    Receives,
    Sends,
}

impl Direction {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Receives => "receive",
            Self::Sends => "send",
        }
    }
}

/// A message of an operation.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) at: Place,
    pub(super) content_type: String,
    pub(super) correlation: Option<String>,
    pub(super) payload: Option<ShapeId>,
    pub(super) headers: Option<ShapeId>,
    /// The schema language, when it is another than JSON Schema.
    pub(super) foreign: Option<String>,
    pub(super) bindings: BTreeMap<String, String>,
}

/// An operation.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) at: Place,
    pub(super) messages: BTreeMap<String, Box<Message>>,
    pub(super) bindings: BTreeMap<String, String>,
    pub(super) security: BTreeMap<String, Place>,
    pub(super) reply: Option<String>,
    pub(super) deprecated: bool,
}

/// A channel.
#[derive(Debug, Clone)]
pub(super) struct Channel {
    pub(super) at: Place,
    pub(super) parameters: BTreeMap<String, (Place, Option<Vec<String>>)>,
    pub(super) bindings: BTreeMap<String, String>,
    pub(super) operations: BTreeMap<Direction, Box<Operation>>,
    /// Messages are kept and read later.
    pub(super) is_log: bool,
}

impl Channel {
    /// Who makes and who reads the messages of an operation.
    pub(super) fn role(&self, direction: Direction) -> Role {
        match direction {
            _ if self.is_log => Role::Data,
            Direction::Receives => Role::Request,
            Direction::Sends => Role::Response,
        }
    }
}

/// A server.
#[derive(Debug, Clone)]
pub(super) struct Server {
    pub(super) at: Place,
    pub(super) protocol: String,
    pub(super) address: String,
    pub(super) security: BTreeMap<String, Place>,
}

/// A document.
#[derive(Debug, Default)]
pub(super) struct Api {
    pub(super) servers: BTreeMap<String, Server>,
    pub(super) channels: BTreeMap<String, Box<Channel>>,
    pub(super) shapes: Shapes,
    pub(super) not_checked: Vec<String>,
    pub(super) incomplete: bool,
}
