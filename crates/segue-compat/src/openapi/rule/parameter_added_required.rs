//! A required parameter was added.
//!
//! # What it checks
//!
//! A parameter that only the new document has and that must be sent.
//!
//! # Why it breaks
//!
//! Old clients do not send it and get 400.
//!
//! # Safe path
//!
//! Add it as optional with a default that means what was so before; require it in a new major version.
//!
//! # Example
//!
//! ```yaml
//! # new
//! parameters:
//!   - {name: region, in: query, required: true, schema: {type: string}}
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::pair::{ParameterMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-parameter-added-required",
    title: "A required parameter was added",
    why: "Old clients do not send it and get 400.",
    fix: "Add it as optional with a default that means what was so before; require it in a new major version.",
    answers: &[
        "oasdiff:new-required-request-parameter",
        "oasdiff:new-request-path-parameter",
        "oasdiff:new-required-request-default-parameter-to-existing-path",
        "oasdiff:new-required-request-header-property",
        "claude-skills:required_parameter_added",
    ],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &ParameterMatch<'_>) {
    for new in matched.added.iter().filter(|new| new.required) {
        let anchor = scene.gained(&new.anchor, &format!("parameters/{}/{}", new.location.word(), new.name));
        let message = format!("the {} parameter `{}` is new, and must be sent", new.location.word(), new.name);
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &anchor, message).change("added, required").breaks(BOTH));
    }
}
