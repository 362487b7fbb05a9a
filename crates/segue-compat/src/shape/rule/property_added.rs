//! A property was added.
//!
//! # What it checks
//! Declared properties that the old side does not declare, and that no renamed one explains.
//!
//! # Why it breaks
//! The other side does not know it: it ignores it, or refuses it where maps are closed; what it sends does not have it.
//!
//! # Safe path
//! Add it as optional, and use it when all sides know it.
//!
//! # Example
//! A request gains `note`: the old server ignores it.

use segue_model::check::Side;

use crate::rule::Rule;
use crate::shape::ShapeId;
use crate::shape::pairs::{Anchor, Local, Way};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "property-added",
    title: "A property was added",
    why: "The other side does not know it: it ignores it, or refuses it where maps are closed; what it sends does not have it.",
    fix: "Add it as optional, and use it when all sides know it.",
    answers: &[
        "oasdiff:new-optional-request-property",
        "oasdiff:new-required-request-property",
        "oasdiff:response-optional-property-added",
        "oasdiff:response-required-property-added",
    ],
};

/// Tells of one property; `true` when that also tells that it is required.
pub(super) fn check(local: &mut Local<'_, '_>, name: &str, id: ShapeId, required: bool) -> bool {
    let anchor = Anchor { side: Side::New, shape: id };
    super::presence::check(local, &RULE, Way::Widened, (name, anchor), required)
}
