//! A request must have a body now.
//!
//! # What it checks
//!
//! A request body that only the new document has, and that must be sent.
//!
//! # Why it breaks
//!
//! Old clients send none and get 400.
//!
//! # Safe path
//!
//! Add it as optional first.
//!
//! # Example
//!
//! ```yaml
//! # new
//! post:
//!   requestBody:
//!     required: true
//!     content: {application/json: {}}
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::model::Body;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-body-added-required",
    title: "A request must have a body now",
    why: "Old clients send none and get 400.",
    fix: "Add it as optional first.",
    answers: &["oasdiff:request-body-added-required"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: Option<&Body>, new: Option<&Body>) {
    if let (None, Some(new)) = (old, new)
        && new.required
    {
        let anchor = scene.gained(&new.anchor, "requestBody");
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &anchor, "a body must be sent now, and was not known before").breaks(BOTH));
    }
}
