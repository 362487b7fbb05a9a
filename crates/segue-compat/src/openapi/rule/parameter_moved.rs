//! A parameter moved to another place of the request.
//!
//! # What it checks
//!
//! A parameter of the same name that stood in the query, in a header or in a cookie, and stands in another of these now.
//!
//! # Why it breaks
//!
//! The server looks where old clients do not send it; what they send is ignored or refused. A key that moves into the query
//! also ends up in logs.
//!
//! # Safe path
//!
//! Read both places for a while, and deprecate the old one.
//!
//! # Example
//!
//! ```yaml
//! # old: in: query
//! parameters:
//!   - {name: tenant, in: header, schema: {type: string}}
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::pair::{ParameterMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-parameter-moved",
    title: "A parameter moved to another place of the request",
    why: "The server looks where old clients do not send it; what they send is ignored or refused. A key that moves into the query also ends up in logs.",
    fix: "Read both places for a while, and deprecate the old one.",
    answers: &["oasdiff:request-parameter-removed", "oasdiff:new-required-request-parameter"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &ParameterMatch<'_>) {
    for (old, new) in &matched.moved {
        let message = format!("the parameter `{}` moved from {} to {}", old.name, old.location.word(), new.location.word());
        let anchor = scene.gained(&new.anchor, &format!("parameters/{}/{}", new.location.word(), new.name));
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &anchor, message).breaks(BOTH));
    }
}
