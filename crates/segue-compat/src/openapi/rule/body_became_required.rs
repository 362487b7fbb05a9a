//! A request body must be sent now.
//!
//! # What it checks
//!
//! `required` of a request body went from false to true.
//!
//! # Why it breaks
//!
//! Old clients that send none get 400.
//!
//! # Safe path
//!
//! Keep taking requests without a body.
//!
//! # Example
//!
//! ```yaml
//! # old: required: false
//! requestBody:
//!   required: true
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::model::Body;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-body-became-required",
    title: "A request body must be sent now",
    why: "Old clients that send none get 400.",
    fix: "Keep taking requests without a body.",
    answers: &["oasdiff:request-body-became-required"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: Option<&Body>, new: Option<&Body>) {
    if let (Some(old), Some(new)) = (old, new)
        && !old.required
        && new.required
    {
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.anchor, "the body must be sent now").breaks(DEPLOY));
    }
}
