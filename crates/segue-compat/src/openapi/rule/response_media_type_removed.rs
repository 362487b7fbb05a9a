//! A media type of a response is gone.
//!
//! # What it checks
//!
//! A media type that the old document gives and that nothing in the new one covers, while others stay.
//!
//! # Why it breaks
//!
//! Clients that ask for it by `Accept` get 406, or something that they cannot read.
//!
//! # Safe path
//!
//! Keep giving it to those who ask for it.
//!
//! # Example
//!
//! ```yaml
//! # old: application/json and text/csv
//! content:
//!   application/json: {}
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::model::Response;
use crate::openapi::pair::{MediaMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-response-media-type-removed",
    title: "A media type of a response is gone",
    why: "Clients that ask for it by `Accept` get 406, or something that they cannot read.",
    fix: "Keep giving it to those who ask for it.",
    answers: &["oasdiff:response-media-type-removed", "oasdiff:response-media-type-name-specialized"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, status: &str, (_, new): (&Response, &Response), types: &MediaMatch<'_>) {
    let replaced = types.removed.len() == 1 && types.added.len() == 1;
    for (name, media) in types.removed.iter().filter(|_| !new.media.is_empty() && !replaced) {
        let message = format!("the response {status} is not given as `{name}` any more");
        found.say(&scene.user, Said::new(&RULE, scene.old.side, &media.anchor, message).breaks(DEPLOY));
    }
}
