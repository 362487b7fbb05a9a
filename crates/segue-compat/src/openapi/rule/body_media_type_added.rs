//! A further media type of a request body is taken.
//!
//! # What it checks
//!
//! A media type that the new document takes and that no media type or range of the old one covers.
//!
//! # Why it breaks
//!
//! No old client notices. New clients that send it get 415 from the old server.
//!
//! # Safe path
//!
//! Let clients send it when no old server is left.
//!
//! # Example
//!
//! ```yaml
//! # old: application/json
//! requestBody:
//!   content:
//!     application/json: {}
//!     application/xml: {}
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::pair::{MediaMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-body-media-type-added",
    title: "A further media type of a request body is taken",
    why: "No old client notices. New clients that send it get 415 from the old server.",
    fix: "Let clients send it when no old server is left.",
    answers: &["oasdiff:request-body-media-type-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &MediaMatch<'_>) {
    for (name, media) in &matched.added {
        let said = Said::new(&RULE, scene.new.side, &media.anchor, format!("`{name}` is taken now")).breaks(ROLLBACK).additive();
        found.say(&scene.user, said);
    }
}
