//! An operation has another `operationId`.
//!
//! # What it checks
//!
//! The `operationId` of an operation that stayed at its path.
//!
//! # Why it breaks
//!
//! Nothing on the wire changes. Generated clients call a method of that name, so code that uses them does not compile any
//! more.
//!
//! # Safe path
//!
//! Keep the name; a summary is free to change.
//!
//! # Example
//!
//! ```yaml
//! # old: listOrders
//! get:
//!   operationId: getOrders
//! ```

use crate::openapi::found::{Found, Said};
use crate::openapi::model::Operation;
use crate::openapi::pair::Scene;
use crate::rule::Rule;
use segue_model::finding::Severity;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-operation-id-changed",
    title: "An operation has another `operationId`",
    why: "Nothing on the wire changes. Generated clients call a method of that name, so code that uses them does not compile any more.",
    fix: "Keep the name; a summary is free to change.",
    answers: &["oasdiff:api-operation-id-removed", "oasdiff:api-operation-id-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Operation, new: &Operation) {
    let name = |operation: &Operation| operation.id.as_ref().map(|(id, _)| id.clone());
    let (before, after) = (name(old), name(new));
    if before == after {
        return;
    }
    let message = match (before, after) {
        (Some(before), Some(after)) => format!("the operation `{before}` is called `{after}` now"),
        (Some(before), None) => format!("the operation lost its name `{before}`"),
        (None, Some(after)) => format!("the operation is called `{after}` now"),
        (None, None) => return,
    };
    let severity = if old.id.is_some() { Severity::Low } else { Severity::Info };
    let place = new.id.as_ref().map_or(new.anchor.place, |(_, place)| *place);
    found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.anchor, message).at(scene.new.side, place).severity(severity));
}
