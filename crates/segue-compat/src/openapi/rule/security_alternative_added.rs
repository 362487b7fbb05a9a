//! A further way to prove who one is.
//!
//! # What it checks
//!
//! Credentials that are enough for the new document and were not for the old one.
//!
//! # Why it breaks
//!
//! No old client notices. New clients that come with them fail against the old server.
//!
//! # Safe path
//!
//! Let clients use it when no old server is left.
//!
//! # Example
//!
//! ```yaml
//! # old: [{apiKey: []}]
//! get:
//!   security:
//!     - apiKey: []
//!     - oauth: []
//! ```

use crate::openapi::credentials;
use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::model::Operation;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-security-alternative-added",
    title: "A further way to prove who one is",
    why: "No old client notices. New clients that come with them fail against the old server.",
    fix: "Let clients use it when no old server is left.",
    answers: &["oasdiff:api-security-added", "oasdiff:api-global-security-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Operation, new: &Operation) {
    for gained in credentials::compare(scene, &old.security, &new.security).gained {
        let message = format!("{gained} is enough now");
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.security.anchor, message).breaks(ROLLBACK).additive());
    }
}
