//! A request may have a body now.
//!
//! # What it checks
//!
//! A request body that only the new document has, and that need not be sent.
//!
//! # Why it breaks
//!
//! No old client notices. The old server ignores or refuses the body that new clients send.
//!
//! # Safe path
//!
//! Let clients send it when no old server is left.
//!
//! # Example
//!
//! ```yaml
//! # new
//! post:
//!   requestBody:
//!     content: {application/json: {}}
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::model::Body;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-body-added-optional",
    title: "A request may have a body now",
    why: "No old client notices. The old server ignores or refuses the body that new clients send.",
    fix: "Let clients send it when no old server is left.",
    answers: &["oasdiff:request-body-added-optional"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: Option<&Body>, new: Option<&Body>) {
    if let (None, Some(new)) = (old, new)
        && !new.required
    {
        let anchor = scene.gained(&new.anchor, "requestBody");
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &anchor, "a body may be sent now").breaks(ROLLBACK).additive());
    }
}
