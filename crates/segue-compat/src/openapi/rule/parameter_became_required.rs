//! A parameter must be sent now.
//!
//! # What it checks
//!
//! `required` of a parameter went from false to true.
//!
//! # Why it breaks
//!
//! Old clients that leave it out get 400.
//!
//! # Safe path
//!
//! Keep a default for those who leave it out; require it in a new major version.
//!
//! # Example
//!
//! ```yaml
//! # old: required: false
//! parameters:
//!   - {name: region, in: query, required: true}
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::model::Parameter;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-parameter-became-required",
    title: "A parameter must be sent now",
    why: "Old clients that leave it out get 400.",
    fix: "Keep a default for those who leave it out; require it in a new major version.",
    answers: &["oasdiff:request-parameter-became-required", "oasdiff:request-header-property-became-required"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Parameter, new: &Parameter) {
    if !old.required && new.required {
        let message = format!("the {} parameter `{}` must be sent now", new.location.word(), new.name);
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.anchor, message).change("required").breaks(DEPLOY));
    }
}
