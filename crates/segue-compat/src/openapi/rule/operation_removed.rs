//! An operation was removed without having been deprecated.
//!
//! # What it checks
//!
//! A method of a path that the old document has and the new one does not, and that was not marked `deprecated` before.
//!
//! # Why it breaks
//!
//! Every client that calls it gets 404 or 405 from the day of the deployment, without having been told.
//!
//! # Safe path
//!
//! Keep it, mark it `deprecated: true` with an `x-sunset` date and what to use in its place, and remove it when that date
//! has passed and nobody calls it.
//!
//! # Example
//!
//! ```yaml
//! # old: GET and DELETE of /orders/{id}; new: only GET
//! paths:
//!   /orders/{id}:
//!     get: {}
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-operation-removed",
    title: "An operation was removed without having been deprecated",
    why: "Every client that calls it gets 404 or 405 from the day of the deployment, without having been told.",
    fix: "Keep it, mark it `deprecated: true` with an `x-sunset` date and what to use in its place, and remove it when that date has passed and nobody calls it.",
    answers: &["oasdiff:api-removed-without-deprecation", "oasdiff:api-path-removed-without-deprecation", "claude-skills:endpoint_removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &Matched<'_>) {
    for old in matched.removed.iter().filter(|old| !old.life.deprecated) {
        let instead =
            old.life.successor.as_ref().map_or_else(|| "no replacement is named".to_owned(), |other| format!("`{other}` takes its place"));
        let message = format!("{} was removed without having been deprecated, and {instead}", old.label());
        found.say(&old.label(), Said::new(&RULE, scene.old.side, &old.anchor, message).change("removed").breaks(DEPLOY));
    }
}
