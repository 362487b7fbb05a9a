//! A request body need not be sent any more.
//!
//! # What it checks
//!
//! `required` of a request body went from true to false.
//!
//! # Why it breaks
//!
//! No old client notices. New clients that send none get 400 from the old server.
//!
//! # Safe path
//!
//! Let clients leave it out when no old server is left.
//!
//! # Example
//!
//! ```yaml
//! # old: required: true
//! requestBody:
//!   required: false
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::model::Body;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-body-became-optional",
    title: "A request body need not be sent any more",
    why: "No old client notices. New clients that send none get 400 from the old server.",
    fix: "Let clients leave it out when no old server is left.",
    answers: &["oasdiff:request-body-became-optional"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: Option<&Body>, new: Option<&Body>) {
    if let (Some(old), Some(new)) = (old, new)
        && old.required
        && !new.required
    {
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.anchor, "the body need not be sent any more").breaks(ROLLBACK));
    }
}
