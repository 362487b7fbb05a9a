//! A response has a body now.
//!
//! # What it checks
//!
//! A response without content in the old document, with it in the new.
//!
//! # Why it breaks
//!
//! No old client reads it. New clients that do find none at the old server.
//!
//! # Safe path
//!
//! Let clients do without it until no old server is left.
//!
//! # Example
//!
//! ```yaml
//! # new
//! responses:
//!   '200':
//!     content: {application/json: {}}
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::model::Response;
use crate::openapi::pair::{MediaMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-response-body-added",
    title: "A response has a body now",
    why: "No old client reads it. New clients that do find none at the old server.",
    fix: "Let clients do without it until no old server is left.",
    answers: &["oasdiff:response-media-type-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, status: &str, (old, new): (&Response, &Response), _types: &MediaMatch<'_>) {
    if old.media.is_empty() && !new.media.is_empty() {
        let message = format!("the response {status} has a body now");
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(ROLLBACK).additive());
    }
}
