//! A header of a response may be missing now.
//!
//! # What it checks
//!
//! `required` of a response header went from true to false.
//!
//! # Why it breaks
//!
//! Clients that count on it fail when it is not there.
//!
//! # Safe path
//!
//! Keep sending it always.
//!
//! # Example
//!
//! ```yaml
//! # old: required: true
//! headers:
//!   Location: {required: false}
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::model::Header;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-response-header-became-optional",
    title: "A header of a response may be missing now",
    why: "Clients that count on it fail when it is not there.",
    fix: "Keep sending it always.",
    answers: &["oasdiff:response-header-became-optional"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Header, new: &Header) {
    if old.required && !new.required {
        let said = Said::new(&RULE, scene.new.side, &new.anchor, format!("the header `{}` may be missing now", new.name));
        found.say(&scene.user, said.breaks(DEPLOY));
    }
}
