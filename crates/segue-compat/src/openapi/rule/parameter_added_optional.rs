//! An optional parameter was added.
//!
//! # What it checks
//!
//! A parameter that only the new document has and that need not be sent.
//!
//! # Why it breaks
//!
//! No old client notices. New clients that send it to the old server are refused, or get something else than they asked
//! for.
//!
//! # Safe path
//!
//! Let clients send it when no old server is left.
//!
//! # Example
//!
//! ```yaml
//! # new
//! parameters:
//!   - {name: sort, in: query, schema: {type: string}}
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::pair::{ParameterMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-parameter-added-optional",
    title: "An optional parameter was added",
    why: "No old client notices. New clients that send it to the old server are refused, or get something else than they asked for.",
    fix: "Let clients send it when no old server is left.",
    answers: &["oasdiff:new-optional-request-parameter", "oasdiff:new-optional-request-default-parameter-to-existing-path"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &ParameterMatch<'_>) {
    for new in matched.added.iter().filter(|new| !new.required) {
        let anchor = scene.gained(&new.anchor, &format!("parameters/{}/{}", new.location.word(), new.name));
        let message = format!("the {} parameter `{}` is new", new.location.word(), new.name);
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &anchor, message).change("added").breaks(ROLLBACK).additive());
    }
}
