//! A stability level went down.
//!
//! # What it checks
//!
//! `x-stability-level` (`draft`, `alpha`, `beta`, `stable`) is lower than before, or gone after `stable`.
//!
//! # Why it breaks
//!
//! Clients were promised stability; what is less stable may change without notice.
//!
//! # Safe path
//!
//! Keep the level; to end something, deprecate it.
//!
//! # Example
//!
//! ```yaml
//! # old: stable
//! get:
//!   x-stability-level: beta
//! ```

use crate::openapi::found::{Found, Said};
use crate::openapi::habits;
use crate::openapi::model::{Anchor, Lifecycle};
use crate::openapi::pair::Scene;
use crate::rule::Rule;
use segue_model::finding::Severity;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-stability-decreased",
    title: "A stability level went down",
    why: "Clients were promised stability; what is less stable may change without notice.",
    fix: "Keep the level; to end something, deprecate it.",
    answers: &["oasdiff:api-stability-decreased"],
};

pub(super) fn check(
    found: &mut Found<'_>,
    scene: &Scene<'_>,
    what: &str,
    (_, old): (&Anchor, &Lifecycle),
    (anchor, new): (&Anchor, &Lifecycle),
) {
    if let (Some(before), Some(after)) = (habits::stability(old), habits::stability(new))
        && after < before
        && old.stability != new.stability
    {
        let name = |life: &Lifecycle| life.stability.clone().unwrap_or_else(|| "stable".to_owned());
        let message = format!("the stability of {what} went from {} down to {}", name(old), name(new));
        found.say(&scene.user, Said::new(&RULE, scene.new.side, anchor, message).severity(Severity::Medium));
    }
}
