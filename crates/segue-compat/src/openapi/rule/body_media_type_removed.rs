//! A media type of a request body is not taken any more.
//!
//! # What it checks
//!
//! A media type that the old document takes and that no media type or range of the new one covers. A `charset` alone is no
//! difference.
//!
//! # Why it breaks
//!
//! Old clients that send it get 415.
//!
//! # Safe path
//!
//! Take both for a while.
//!
//! # Example
//!
//! ```yaml
//! # old: application/json and application/xml
//! requestBody:
//!   content:
//!     application/json: {}
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::pair::{MediaMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-body-media-type-removed",
    title: "A media type of a request body is not taken any more",
    why: "Old clients that send it get 415.",
    fix: "Take both for a while.",
    answers: &["oasdiff:request-body-media-type-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &MediaMatch<'_>) {
    for (name, media) in &matched.removed {
        found.say(&scene.user, Said::new(&RULE, scene.old.side, &media.anchor, format!("`{name}` is not taken any more")).breaks(DEPLOY));
    }
}
