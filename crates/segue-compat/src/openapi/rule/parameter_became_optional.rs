//! A parameter need not be sent any more.
//!
//! # What it checks
//!
//! `required` of a parameter went from true to false.
//!
//! # Why it breaks
//!
//! No old client notices. New clients that leave it out get 400 from the old server.
//!
//! # Safe path
//!
//! Let clients leave it out when no old server is left.
//!
//! # Example
//!
//! ```yaml
//! # old: required: true
//! parameters:
//!   - {name: region, in: query, required: false}
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::model::Parameter;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-parameter-became-optional",
    title: "A parameter need not be sent any more",
    why: "No old client notices. New clients that leave it out get 400 from the old server.",
    fix: "Let clients leave it out when no old server is left.",
    answers: &["oasdiff:request-parameter-became-optional"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Parameter, new: &Parameter) {
    if old.required && !new.required {
        let message = format!("the {} parameter `{}` need not be sent any more", new.location.word(), new.name);
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.anchor, message).change("optional").breaks(ROLLBACK));
    }
}
