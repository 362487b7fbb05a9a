//! A further success status is sent.
//!
//! # What it checks
//!
//! A status of the 1xx, 2xx or 3xx class that only the new document has, beside others.
//!
//! # Why it breaks
//!
//! Old clients that know only the others may take it for a failure, or read a body that is not there.
//!
//! # Safe path
//!
//! Send it only to clients that say they know it.
//!
//! # Example
//!
//! ```yaml
//! # old: '200'
//! responses:
//!   '200': {description: done}
//!   '202': {description: accepted}
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::pair::{Scene, StatusMatch};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-success-status-added",
    title: "A further success status is sent",
    why: "Old clients that know only the others may take it for a failure, or read a body that is not there.",
    fix: "Send it only to clients that say they know it.",
    answers: &["oasdiff:response-success-status-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &StatusMatch<'_>) {
    for (status, new) in matched.added.iter().filter(|(status, _)| status.starts_with(['1', '2', '3'])) {
        let anchor = scene.gained(&new.anchor, &format!("responses/{status}"));
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &anchor, format!("{status} is sent now")).breaks(BOTH).tolerated());
    }
}
