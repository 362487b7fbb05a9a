//! A breaking change without a new major version.
//!
//! # What it checks
//!
//! `info.version` has the same major number on both sides (below 1.0: the same minor number), or the same text when it is
//! no semantic version, though old clients break.
//!
//! # Why it breaks
//!
//! A version that does not say so makes clients upgrade, or be upgraded, without a look.
//!
//! # Safe path
//!
//! Raise the major version, or take the breaking change back.
//!
//! # Example
//!
//! ```yaml
//! # both sides, and an operation is gone
//! info:
//!   version: 1.4.0
//! ```

use crate::openapi::dates;
use crate::openapi::found::{Found, Said};
use crate::openapi::model::Anchor;
use crate::openapi::pair::Scene;
use crate::rule::Rule;
use segue_model::finding::Severity;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-version-not-bumped",
    title: "A breaking change without a new major version",
    why: "A version that does not say so makes clients upgrade, or be upgraded, without a look.",
    fix: "Raise the major version, or take the breaking change back.",
    answers: &["oasdiff:api-version-not-bumped", "oasdiff:api-major-version-not-bumped"],
};

/// Says so when something breaks old clients (`count` findings do) and the version does not admit it.
pub(in crate::openapi) fn check(found: &mut Found<'_>, scene: &Scene<'_>, count: usize) {
    let (Some((old, _)), Some((new, place))) = (&scene.old.version, &scene.new.version) else { return };
    if count == 0 || admits(old, new) {
        return;
    }
    let anchor = Anchor { object: "info/version".to_owned(), place: *place };
    let message = if old == new {
        format!("old clients break, but the version is still {new}")
    } else {
        format!("old clients break, but the version went from {old} to {new} without a new major number")
    };
    found.say("", Said::new(&RULE, scene.new.side, &anchor, message).severity(Severity::Medium));
}

/// The new version says that it breaks: another major number, below 1.0 another minor one; other texts differ.
fn admits(old: &str, new: &str) -> bool {
    match (dates::version(old), dates::version(new)) {
        (Some([0, before, _]), Some([0, after, _])) | (Some([before, ..]), Some([after, ..])) => before != after,
        _ => old != new,
    }
}
