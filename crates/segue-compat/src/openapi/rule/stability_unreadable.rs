//! A stability level is none of those that are known.
//!
//! # What it checks
//!
//! `x-stability-level` is not `draft`, `alpha`, `beta` or `stable`.
//!
//! # Why it breaks
//!
//! Nobody can tell what is promised.
//!
//! # Safe path
//!
//! Write one of the four.
//!
//! # Example
//!
//! ```yaml
//! # new
//! get:
//!   x-stability-level: ok
//! ```

use crate::openapi::found::{Found, Said};
use crate::openapi::habits;
use crate::openapi::model::{Anchor, Lifecycle};
use crate::openapi::pair::Scene;
use crate::rule::Rule;
use segue_model::finding::Severity;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-stability-unreadable",
    title: "A stability level is none of those that are known",
    why: "Nobody can tell what is promised.",
    fix: "Write one of the four.",
    answers: &["oasdiff:api-invalid-stability-level"],
};

pub(super) fn check(
    found: &mut Found<'_>,
    scene: &Scene<'_>,
    what: &str,
    (_, old): (&Anchor, &Lifecycle),
    (anchor, new): (&Anchor, &Lifecycle),
) {
    if new.stability != old.stability && new.stability.is_some() && habits::stability(new).is_none() {
        let message = format!("the stability level of {what} is none of draft, alpha, beta and stable");
        found.say(&scene.user, Said::new(&RULE, scene.new.side, anchor, message).severity(Severity::Low));
    }
}
