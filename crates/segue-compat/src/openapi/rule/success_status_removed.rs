//! A success status is not sent any more.
//!
//! # What it checks
//!
//! A status of the 1xx, 2xx or 3xx class that only the old document has, while others stay.
//!
//! # Why it breaks
//!
//! Clients that wait for it (a `202` to poll on, a `304` to keep a copy) never meet it. New clients do not expect it from
//! the old server.
//!
//! # Safe path
//!
//! Tell clients what comes in its place.
//!
//! # Example
//!
//! ```yaml
//! # old: '200' and '202'
//! responses:
//!   '200': {description: done}
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::pair::{Scene, StatusMatch};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-success-status-removed",
    title: "A success status is not sent any more",
    why: "Clients that wait for it (a `202` to poll on, a `304` to keep a copy) never meet it. New clients do not expect it from the old server.",
    fix: "Tell clients what comes in its place.",
    answers: &["oasdiff:response-success-status-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &StatusMatch<'_>) {
    for (status, old) in matched.removed.iter().filter(|(status, _)| status.starts_with(['1', '2', '3'])) {
        let anchor = scene.lost(&old.anchor, &format!("responses/{status}"));
        let message = format!("{status} is not sent any more");
        found.say(&scene.user, Said::new(&RULE, scene.old.side, &anchor, message).breaks(BOTH).tolerated());
    }
}
