//! Success has another status.
//!
//! # What it checks
//!
//! The only success status that went, and the only one that came: `200` became `201`, `200` became `204`.
//!
//! # Why it breaks
//!
//! Clients that compare with the number take success for a failure and try again; those that expect a body find none.
//!
//! # Safe path
//!
//! Keep the status, or choose it by a header that new clients send.
//!
//! # Example
//!
//! ```yaml
//! # old: '200'
//! responses:
//!   '201': {description: created}
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::pair::{Scene, StatusMatch};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-success-status-changed",
    title: "Success has another status",
    why: "Clients that compare with the number take success for a failure and try again; those that expect a body find none.",
    fix: "Keep the status, or choose it by a header that new clients send.",
    answers: &["oasdiff:response-success-status-removed", "oasdiff:response-success-status-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &StatusMatch<'_>) {
    for ((before, _), (after, new)) in matched.changed.iter().filter(|(old, _)| old.0.starts_with('2')) {
        let message = format!("success was {before} and is {after} now");
        let anchor = scene.gained(&new.anchor, &format!("responses/{after}"));
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &anchor, message).breaks(BOTH));
    }
}
