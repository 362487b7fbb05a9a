//! A further media type of a response.
//!
//! # What it checks
//!
//! A media type that the new document gives and that nothing in the old one covers.
//!
//! # Why it breaks
//!
//! Clients that do not say what they want may get it; those that say so notice nothing. New clients that ask for it get 406
//! from the old server.
//!
//! # Safe path
//!
//! Give it only to those who ask for it.
//!
//! # Example
//!
//! ```yaml
//! # old: application/json
//! content:
//!   application/json: {}
//!   text/csv: {}
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::model::Response;
use crate::openapi::pair::{MediaMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-response-media-type-added",
    title: "A further media type of a response",
    why: "Clients that do not say what they want may get it; those that say so notice nothing. New clients that ask for it get 406 from the old server.",
    fix: "Give it only to those who ask for it.",
    answers: &["oasdiff:response-media-type-added", "oasdiff:response-media-type-name-generalized"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, status: &str, (old, _): (&Response, &Response), types: &MediaMatch<'_>) {
    let replaced = types.removed.len() == 1 && types.added.len() == 1;
    for (name, media) in types.added.iter().filter(|_| !old.media.is_empty() && !replaced) {
        let message = format!("the response {status} is given as `{name}` as well");
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &media.anchor, message).breaks(ROLLBACK).additive());
    }
}
