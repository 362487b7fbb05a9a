//! A header of a response is always sent now.
//!
//! # What it checks
//!
//! `required` of a response header went from false to true.
//!
//! # Why it breaks
//!
//! No old client notices. New clients that count on it fail where the old server leaves it out.
//!
//! # Safe path
//!
//! Let clients do without it until no old server is left.
//!
//! # Example
//!
//! ```yaml
//! # old: required: false
//! headers:
//!   Location: {required: true}
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::model::Header;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-response-header-became-required",
    title: "A header of a response is always sent now",
    why: "No old client notices. New clients that count on it fail where the old server leaves it out.",
    fix: "Let clients do without it until no old server is left.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Header, new: &Header) {
    if !old.required && new.required {
        let said = Said::new(&RULE, scene.new.side, &new.anchor, format!("the header `{}` is always sent now", new.name));
        found.say(&scene.user, said.breaks(ROLLBACK).additive());
    }
}
