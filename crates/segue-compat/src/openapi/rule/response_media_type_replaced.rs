//! A response is another kind of document.
//!
//! # What it checks
//!
//! The only media type of a success response that went, and the only one that came.
//!
//! # Why it breaks
//!
//! Clients cannot read what they get; new clients cannot read what the old server gives.
//!
//! # Safe path
//!
//! Give both, chosen by `Accept`, and keep the old one for those who do not ask.
//!
//! # Example
//!
//! ```yaml
//! # old: application/json
//! content:
//!   application/vnd.example.v2+json: {}
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::model::Response;
use crate::openapi::pair::{MediaMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-response-media-type-replaced",
    title: "A response is another kind of document",
    why: "Clients cannot read what they get; new clients cannot read what the old server gives.",
    fix: "Give both, chosen by `Accept`, and keep the old one for those who do not ask.",
    answers: &["oasdiff:response-media-type-name-changed", "oasdiff:response-media-type-removed", "oasdiff:response-media-type-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, status: &str, _: (&Response, &Response), types: &MediaMatch<'_>) {
    if let ([(before, _)], [(after, media)], false) = (types.removed.as_slice(), types.added.as_slice(), is_failure(status)) {
        let message = format!("the response {status} was `{before}` and is `{after}` now");
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &media.anchor, message).breaks(BOTH));
    }
}

fn is_failure(status: &str) -> bool {
    status == "default" || status.starts_with(['4', '5'])
}
