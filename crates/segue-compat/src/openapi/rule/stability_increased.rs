//! A stability level went up.
//!
//! # What it checks
//!
//! `x-stability-level` (`draft`, `alpha`, `beta`, `stable`) is higher than before.
//!
//! # Why it breaks
//!
//! Nothing breaks: more is promised.
//!
//! # Safe path
//!
//! Nothing has to be done.
//!
//! # Example
//!
//! ```yaml
//! # old: beta
//! get:
//!   x-stability-level: stable
//! ```

use crate::openapi::found::{Found, Said};
use crate::openapi::habits;
use crate::openapi::model::{Anchor, Lifecycle};
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-stability-increased",
    title: "A stability level went up",
    why: "Nothing breaks: more is promised.",
    fix: "Nothing has to be done.",
    answers: &["oasdiff:api-stability-increased"],
};

pub(super) fn check(
    found: &mut Found<'_>,
    scene: &Scene<'_>,
    what: &str,
    (_, old): (&Anchor, &Lifecycle),
    (anchor, new): (&Anchor, &Lifecycle),
) {
    if let (Some(before), Some(after)) = (habits::stability(old), habits::stability(new))
        && after > before
        && old.stability != new.stability
    {
        let name = |life: &Lifecycle| life.stability.clone().unwrap_or_else(|| "stable".to_owned());
        let message = format!("the stability of {what} went from {} up to {}", name(old), name(new));
        found.say(&scene.user, Said::new(&RULE, scene.new.side, anchor, message));
    }
}
