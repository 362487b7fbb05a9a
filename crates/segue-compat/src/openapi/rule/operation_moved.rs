//! An operation seems to have moved to another path or method.
//!
//! # What it checks
//!
//! An operation that went and one that came which have the same `operationId`, or whose paths differ only in a version, a
//! slash or the way of writing words. It is a proposal, with its confidence and evidence; the rest of the two is compared
//! as one operation.
//!
//! # Why it breaks
//!
//! Old clients call the old path and get 404 from the new server; new clients call the new path and get 404 from the old
//! one.
//!
//! # Safe path
//!
//! Serve both paths, deprecate the old one with a date, and remove it when nobody calls it.
//!
//! # Example
//!
//! ```yaml
//! # old: /user/{id}; new: /users/{id}
//! get:
//!   operationId: getUser
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-operation-moved",
    title: "An operation seems to have moved to another path or method",
    why: "Old clients call the old path and get 404 from the new server; new clients call the new path and get 404 from the old one.",
    fix: "Serve both paths, deprecate the old one with a date, and remove it when nobody calls it.",
    answers: &["oasdiff:api-path-removed-without-deprecation"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &Matched<'_>) {
    for moved in &matched.moved {
        let (old, new) = (moved.old.label(), moved.new.label());
        let percent = moved.confidence_percent;
        let message = format!("{old} seems to have moved to {new} ({percent}% sure: {})", moved.evidence);
        let said = Said::new(&RULE, scene.new.side, &moved.new.anchor, message).change(format!("{old} -> {new}")).breaks(BOTH);
        found.say(&old, said);
    }
}
