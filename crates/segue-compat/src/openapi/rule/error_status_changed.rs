//! A failure has another status.
//!
//! # What it checks
//!
//! The only 4xx status that went and the only one that came (the same for 5xx): `404` became `410`.
//!
//! # Why it breaks
//!
//! Clients that do something for one status (create on 404, wait on 429) do not do it any more.
//!
//! # Safe path
//!
//! Keep the status for what old clients can cause.
//!
//! # Example
//!
//! ```yaml
//! # old: '404'
//! responses:
//!   '410': {description: gone}
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::pair::{Scene, StatusMatch};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-error-status-changed",
    title: "A failure has another status",
    why: "Clients that do something for one status (create on 404, wait on 429) do not do it any more.",
    fix: "Keep the status for what old clients can cause.",
    answers: &["oasdiff:response-non-success-status-removed", "oasdiff:response-non-success-status-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &StatusMatch<'_>) {
    for ((before, _), (after, new)) in matched.changed.iter().filter(|(old, _)| !old.0.starts_with('2')) {
        let message = format!("a failure was {before} and is {after} now");
        let anchor = scene.gained(&new.anchor, &format!("responses/{after}"));
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &anchor, message).breaks(BOTH).tolerated());
    }
}
