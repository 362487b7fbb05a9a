//! A response has no body any more.
//!
//! # What it checks
//!
//! A response with content in the old document, without in the new.
//!
//! # Why it breaks
//!
//! Clients that read it fail on nothing.
//!
//! # Safe path
//!
//! Keep the body.
//!
//! # Example
//!
//! ```yaml
//! # old: content: {application/json: {}}
//! responses:
//!   '200': {description: done}
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::model::Response;
use crate::openapi::pair::{MediaMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-response-body-removed",
    title: "A response has no body any more",
    why: "Clients that read it fail on nothing.",
    fix: "Keep the body.",
    answers: &["oasdiff:response-media-type-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, status: &str, (old, new): (&Response, &Response), _types: &MediaMatch<'_>) {
    if !old.media.is_empty() && new.media.is_empty() {
        found.say(
            &scene.user,
            Said::new(&RULE, scene.new.side, &new.anchor, format!("the response {status} has no body any more")).breaks(DEPLOY),
        );
    }
}
