//! A header of a response was added.
//!
//! # What it checks
//!
//! A header that only the new document has.
//!
//! # Why it breaks
//!
//! No old client reads it. New clients that count on it find nothing at the old server.
//!
//! # Safe path
//!
//! Let clients do without it until no old server is left.
//!
//! # Example
//!
//! ```yaml
//! # new
//! headers:
//!   X-Request-Id: {schema: {type: string}}
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::model::Response;
use crate::openapi::pair::{MediaMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-response-header-added",
    title: "A header of a response was added",
    why: "No old client reads it. New clients that count on it find nothing at the old server.",
    fix: "Let clients do without it until no old server is left.",
    answers: &["oasdiff:response-header-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, status: &str, (old, new): (&Response, &Response), _types: &MediaMatch<'_>) {
    for (name, header) in new.headers.iter().filter(|(name, _)| !old.headers.contains_key(*name)) {
        let anchor = scene.gained(&header.anchor, &format!("responses/{status}/headers/{name}"));
        let said = Said::new(&RULE, scene.new.side, &anchor, format!("the header `{}` is sent now", header.name)).change("added");
        found.say(&scene.user, said.breaks(ROLLBACK).additive());
    }
}
