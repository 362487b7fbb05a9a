//! A body is not described any more.
//!
//! # What it checks
//!
//! A media type with a schema in the old document, without one in the new.
//!
//! # Why it breaks
//!
//! Anything may come: old clients count on what was promised in responses, and new clients may send what the old server
//! refuses.
//!
//! # Safe path
//!
//! Keep the schema; loosen it where it was too tight.
//!
//! # Example
//!
//! ```yaml
//! # old: with a schema
//! application/json: {}
//! ```

use crate::openapi::found::{DEPLOY, Found, ROLLBACK, Said};
use crate::openapi::model::Media;
use crate::openapi::pair::Scene;
use crate::policy::Role;
use crate::rule::Rule;
use segue_model::finding::Severity;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-schema-removed",
    title: "A body is not described any more",
    why: "Anything may come: old clients count on what was promised in responses, and new clients may send what the old server refuses.",
    fix: "Keep the schema; loosen it where it was too tight.",
    answers: &["oasdiff:request-body-media-type-schema-removed", "oasdiff:response-body-media-type-schema-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Media, new: &Media, (role, position): (Role, &str)) {
    if old.shape.is_some() && new.shape.is_none() {
        let breaks = if scene.is_request(role) { ROLLBACK } else { DEPLOY };
        let message = format!("the {} is not described any more", position.replace('-', " "));
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(breaks).severity(Severity::Low));
    }
}
