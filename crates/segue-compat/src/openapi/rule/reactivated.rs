//! A deprecation was taken back.
//!
//! # What it checks
//!
//! Something was marked `deprecated` and is not any more.
//!
//! # Why it breaks
//!
//! Nothing breaks. Clients that moved did so for nothing, and should know.
//!
//! # Safe path
//!
//! Tell them.
//!
//! # Example
//!
//! ```yaml
//! # old: deprecated: true
//! get:
//!   deprecated: false
//! ```

use crate::openapi::found::{Found, Said};
use crate::openapi::model::{Anchor, Lifecycle};
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-reactivated",
    title: "A deprecation was taken back",
    why: "Nothing breaks. Clients that moved did so for nothing, and should know.",
    fix: "Tell them.",
    answers: &["oasdiff:endpoint-reactivated", "oasdiff:request-parameter-reactivated"],
};

pub(super) fn check(
    found: &mut Found<'_>,
    scene: &Scene<'_>,
    what: &str,
    (_, old): (&Anchor, &Lifecycle),
    (anchor, new): (&Anchor, &Lifecycle),
) {
    if old.deprecated && !new.deprecated {
        found.say(&scene.user, Said::new(&RULE, scene.new.side, anchor, format!("{what} is not deprecated any more")));
    }
}
