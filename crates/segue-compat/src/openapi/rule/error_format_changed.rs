//! Failures are written in another format.
//!
//! # What it checks
//!
//! The only media type of a 4xx, 5xx or `default` response that went, and the only one that came: `application/json` became
//! `application/problem+json`.
//!
//! # Why it breaks
//!
//! Clients read the code or the message of a failure from a place where it is not any more, at the moment when something is
//! wrong already.
//!
//! # Safe path
//!
//! Give the old fields beside the new ones until clients have moved.
//!
//! # Example
//!
//! ```yaml
//! # old: application/json
//! '400':
//!   content:
//!     application/problem+json: {}
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::model::Response;
use crate::openapi::pair::{MediaMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-error-format-changed",
    title: "Failures are written in another format",
    why: "Clients read the code or the message of a failure from a place where it is not any more, at the moment when something is wrong already.",
    fix: "Give the old fields beside the new ones until clients have moved.",
    answers: &["oasdiff:response-media-type-name-changed", "oasdiff:response-media-type-removed", "oasdiff:response-media-type-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, status: &str, _: (&Response, &Response), types: &MediaMatch<'_>) {
    if let ([(before, _)], [(after, media)], true) = (types.removed.as_slice(), types.added.as_slice(), is_failure(status)) {
        let message = format!("the failure {status} was written as `{before}` and is written as `{after}` now");
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &media.anchor, message).breaks(BOTH));
    }
}

fn is_failure(status: &str) -> bool {
    status == "default" || status.starts_with(['4', '5'])
}
