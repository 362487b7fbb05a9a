//! Walks two documents side by side and shows each pair to the rules.
//!
//! What belongs together is decided here, once; a rule never looks for its partner. Must show every pair and everything
//! without a partner exactly once a user. Tests: `tests/it/openapi/`.

mod media;
mod operations;
mod parameters;
mod responses;

pub(super) use media::MediaMatch;
pub(super) use operations::{Matched, match_operations, template};
pub(super) use parameters::ParameterMatch;
pub(super) use responses::StatusMatch;

use super::found::Found;
use super::library::Library;
use super::model::{Anchor, Document, Example, Operation};
use super::rule;
use crate::policy::{Relation, Role};
use crate::shape::ShapeId;
use crate::shape::relate::{Comparison, Options};

/// Who speaks, and what the places of a conversation are called in the names of rules.
pub(super) struct Positions {
    pub(super) body: (Role, &'static str),
    pub(super) parameter: (Role, &'static str),
    pub(super) request_header: (Role, &'static str),
    pub(super) answer: (Role, &'static str),
    pub(super) header: (Role, &'static str),
}

/// Clients speak first: everything under `paths`.
pub(super) static SERVED: Positions = Positions {
    body: (Role::Request, "request-body"),
    parameter: (Role::Request, "request-parameter"),
    request_header: (Role::Request, "request-header"),
    answer: (Role::Response, "response-body"),
    header: (Role::Response, "response-header"),
};

/// The server speaks first: webhooks and callbacks.
static SENT: Positions = Positions {
    body: (Role::Response, "webhook-body"),
    parameter: (Role::Response, "webhook-parameter"),
    request_header: (Role::Response, "webhook-header"),
    answer: (Role::Request, "webhook-answer"),
    header: (Role::Request, "webhook-answer-header"),
};

/// What is looked at: both documents, and who uses the pair at hand.
pub(super) struct Scene<'a> {
    pub(super) old: &'a Document,
    pub(super) new: &'a Document,
    pub(super) old_files: &'a Library,
    pub(super) new_files: &'a Library,
    pub(super) options: Options,
    /// What a person calls the operation.
    pub(super) user: String,
    /// The operation on both sides; at the document's level there is none.
    pub(super) operation: Option<(&'a Operation, &'a Operation)>,
    pub(super) positions: &'static Positions,
}

impl<'a> Scene<'a> {
    fn of(&self, old: &'a Operation, new: &'a Operation, sent: bool) -> Scene<'a> {
        Scene {
            user: old.label(),
            operation: Some((old, new)),
            positions: if sent { &SENT } else { &SERVED },
            old: self.old,
            new: self.new,
            old_files: self.old_files,
            new_files: self.new_files,
            options: self.options,
        }
    }

    /// The client makes it, in a conversation as it is usual; the findings of one that the server begins are turned afterwards.
    pub(super) fn is_request(&self, role: Role) -> bool {
        (role == Role::Request) != (self.positions.body.0 == Role::Response)
    }

    /// Where the loss of something is anchored: at its component when that went as well, else at the operation that dropped it.
    pub(super) fn lost(&self, anchor: &Anchor, tail: &str) -> Anchor {
        let operation = self.operation.map(|(old, _)| &old.anchor);
        own_anchor(anchor, self.new, operation, tail)
    }

    /// The same for something that came.
    pub(super) fn gained(&self, anchor: &Anchor, tail: &str) -> Anchor {
        let operation = self.operation.map(|(_, new)| &new.anchor);
        own_anchor(anchor, self.old, operation, tail)
    }
}

fn own_anchor(anchor: &Anchor, other: &Document, operation: Option<&Anchor>, tail: &str) -> Anchor {
    match operation {
        Some(operation) if other.components.contains_key(&anchor.object) => {
            Anchor { object: format!("{}/{tail}", operation.object), place: operation.place }
        }
        _ => anchor.clone(),
    }
}

/// Compares everything of two documents.
pub(super) fn documents<'a>(found: &mut Found<'_>, shapes: &mut Comparison<'a>, scene: &Scene<'a>, models: bool) {
    let matched = match_operations(scene.old, scene.new);
    rule::document(found, scene, &matched);
    for (old, new) in matched.same.iter().copied().chain(matched.moved.iter().map(|moved| (moved.old, moved.new))) {
        operation(found, shapes, scene, old, new, false);
    }
    let webhooks = operations::match_by_name(&scene.old.webhooks, &scene.new.webhooks);
    rule::webhooks(found, scene, &webhooks);
    for (old, new) in webhooks.same {
        operation(found, shapes, scene, old, new, true);
    }
    if models {
        every_model(shapes, scene);
    }
}

/// For documents whose models stand by themselves: each is compared as what is sent and as what is received.
fn every_model<'a>(shapes: &mut Comparison<'a>, scene: &Scene<'a>) {
    for (name, old) in &scene.old.schemas {
        if let Some(new) = scene.new.schemas.get(name) {
            shapes.relate(*old, *new, Role::Request, "request-body", &format!("model {name}"));
            shapes.relate(*old, *new, Role::Response, "response-body", &format!("model {name}"));
        }
    }
}

fn operation<'a>(
    found: &mut Found<'_>,
    shapes: &mut Comparison<'a>,
    scene: &Scene<'a>,
    old: &'a Operation,
    new: &'a Operation,
    sent: bool,
) {
    let scene = scene.of(old, new, sent);
    let outer = std::mem::replace(&mut found.reversed, sent);
    for rule in rule::OPERATION {
        rule(found, &scene, old, new);
    }
    parameters::compare(found, shapes, &scene, old, new);
    media::bodies(found, shapes, &scene, old, new);
    responses::compare(found, shapes, &scene, old, new);
    found.reversed = outer;
    let old_callbacks: Vec<&Operation> = old.callbacks.values().flatten().collect();
    let new_callbacks: Vec<&Operation> = new.callbacks.values().flatten().collect();
    let callbacks = operations::match_by_name_of(&old_callbacks, &new_callbacks);
    rule::callbacks(found, &scene, &callbacks);
    for (old, new) in callbacks.same {
        operation(found, shapes, &scene, old, new, !sent);
    }
}

/// Relates the shapes of one place, if both sides have one; examples of a request that the new side may refuse are tried.
fn relate(
    found: &mut Found<'_>,
    shapes: &mut Comparison<'_>,
    scene: &Scene<'_>,
    (old, new): (Option<ShapeId>, Option<ShapeId>),
    place: (Role, &'static str),
    examples: &[Example],
) {
    let (Some(old), Some(new)) = (old, new) else { return };
    let relation = shapes.relate(old, new, place.0, place.1, &scene.user);
    if place.0 == Role::Request && !found.reversed && matches!(relation, Relation::Narrowed | Relation::Changed) {
        rule::example_refused(found, scene, examples, old, new);
    }
}
