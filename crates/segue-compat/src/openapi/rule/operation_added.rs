//! An operation was added.
//!
//! # What it checks
//!
//! A method of a path that only the new document has.
//!
//! # Why it breaks
//!
//! No old client knows it. A new client that calls it fails against the old server: after going back, or while both are at
//! work.
//!
//! # Safe path
//!
//! Let clients call it only when no old server is left, or keep them able to do without.
//!
//! # Example
//!
//! ```yaml
//! # new
//! paths:
//!   /refunds:
//!     post: {}
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-operation-added",
    title: "An operation was added",
    why: "No old client knows it. A new client that calls it fails against the old server: after going back, or while both are at work.",
    fix: "Let clients call it only when no old server is left, or keep them able to do without.",
    answers: &["oasdiff:endpoint-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &Matched<'_>) {
    for new in &matched.added {
        let message = format!("{} was added", new.label());
        found.say(&new.label(), Said::new(&RULE, scene.new.side, &new.anchor, message).change("added").breaks(ROLLBACK).additive());
    }
}
