//! A property was removed.
//!
//! # What it checks
//! Declared properties that the new side does not declare, and that no renamed one explains.
//!
//! # Why it breaks
//! What is sent in it is ignored or refused; who reads it finds nothing.
//!
//! # Safe path
//! Mark it deprecated, watch who still uses it, and remove it when nobody does.
//!
//! # Example
//! A response loses `email`: clients that read it find nothing.

use segue_model::check::Side;

use crate::rule::Rule;
use crate::shape::ShapeId;
use crate::shape::pairs::{Anchor, Local, Way};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "property-removed",
    title: "A property was removed",
    why: "What is sent in it is ignored or refused; who reads it finds nothing.",
    fix: "Mark it deprecated, watch who still uses it, and remove it when nobody does.",
    answers: &[
        "oasdiff:request-property-removed",
        "oasdiff:response-required-property-removed",
        "oasdiff:response-optional-property-removed",
    ],
};

/// Tells of one property; `true` when that also tells that it is not required any more.
pub(super) fn check(local: &mut Local<'_, '_>, name: &str, id: ShapeId, required: bool) -> bool {
    let anchor = Anchor { side: Side::Old, shape: id };
    super::presence::check(local, &RULE, Way::Narrowed, (name, anchor), required)
}
