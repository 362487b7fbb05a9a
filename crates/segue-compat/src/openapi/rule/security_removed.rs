//! An operation asks for no credentials any more.
//!
//! # What it checks
//!
//! The old document asks for credentials, and by the new one anybody may call.
//!
//! # Why it breaks
//!
//! What was protected is open to everybody. If that is meant, it is no hole; but nothing else in a contract is so easily
//! overlooked.
//!
//! # Safe path
//!
//! Put the requirement back; if the operation is meant to be public, say so where it is reviewed and suppress this finding
//! with the reason.
//!
//! # Example
//!
//! ```yaml
//! # old: security: [{apiKey: []}]
//! get:
//!   security: []
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::model::Operation;
use crate::openapi::pair::Scene;
use crate::rule::Rule;
use segue_model::finding::Severity;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-security-removed",
    title: "An operation asks for no credentials any more",
    why: "What was protected is open to everybody. If that is meant, it is no hole; but nothing else in a contract is so easily overlooked.",
    fix: "Put the requirement back; if the operation is meant to be public, say so where it is reviewed and suppress this finding with the reason.",
    answers: &["oasdiff:api-security-removed", "oasdiff:api-global-security-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Operation, new: &Operation) {
    if !old.security.is_open() && new.security.is_open() {
        let message = "no credentials are asked for any more: anybody may call";
        let said = Said::new(&RULE, scene.new.side, &new.security.anchor, message).breaks(ROLLBACK).severity(Severity::Critical);
        found.say(&scene.user, said);
    }
}
