//! The version of the document went down.
//!
//! # What it checks
//!
//! `info.version` is a lower semantic version in the new document.
//!
//! # Why it breaks
//!
//! Whoever sorts by versions takes the old contract for the new one.
//!
//! # Safe path
//!
//! Give the new document a higher version; or the two files are in the wrong order.
//!
//! # Example
//!
//! ```yaml
//! # old: 2.1.0
//! info:
//!   version: 2.0.0
//! ```

use crate::openapi::dates;
use crate::openapi::found::{Found, Said};
use crate::openapi::model::Anchor;
use crate::openapi::pair::Scene;
use crate::rule::Rule;
use segue_model::finding::Severity;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-version-decreased",
    title: "The version of the document went down",
    why: "Whoever sorts by versions takes the old contract for the new one.",
    fix: "Give the new document a higher version; or the two files are in the wrong order.",
    answers: &["oasdiff:api-version-decreased"],
};

/// Says so when the version went down.
pub(in crate::openapi) fn check(found: &mut Found<'_>, scene: &Scene<'_>) {
    let (Some((old, _)), Some((new, place))) = (&scene.old.version, &scene.new.version) else { return };
    if let (Some(before), Some(after)) = (dates::version(old), dates::version(new))
        && after < before
    {
        let anchor = Anchor { object: "info/version".to_owned(), place: *place };
        let message = format!("the version went down from {old} to {new}");
        found.say("", Said::new(&RULE, scene.new.side, &anchor, message).severity(Severity::Low));
    }
}
