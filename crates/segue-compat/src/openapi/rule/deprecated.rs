//! Something was deprecated.
//!
//! # What it checks
//!
//! An operation, a parameter or a header that is marked `deprecated: true` now.
//!
//! # Why it breaks
//!
//! Nothing breaks yet. Clients have to know, and by when.
//!
//! # Safe path
//!
//! Send `Deprecation` and `Sunset` headers, and tell what to use in its place.
//!
//! # Example
//!
//! ```yaml
//! # new
//! get:
//!   deprecated: true
//!   x-sunset: '2027-06-30'
//! ```

use crate::openapi::found::{Found, Said};
use crate::openapi::model::{Anchor, Lifecycle};
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-deprecated",
    title: "Something was deprecated",
    why: "Nothing breaks yet. Clients have to know, and by when.",
    fix: "Send `Deprecation` and `Sunset` headers, and tell what to use in its place.",
    answers: &["oasdiff:endpoint-deprecated", "oasdiff:endpoint-deprecated-with-sunset", "oasdiff:request-parameter-deprecated"],
};

pub(super) fn check(
    found: &mut Found<'_>,
    scene: &Scene<'_>,
    what: &str,
    (_, old): (&Anchor, &Lifecycle),
    (anchor, new): (&Anchor, &Lifecycle),
) {
    if old.deprecated || !new.deprecated {
        return;
    }
    let until = new.sunset.as_deref().map_or(String::new(), |date| format!(", until {date}"));
    found.say(&scene.user, Said::new(&RULE, scene.new.side, anchor, format!("{what} is deprecated now{until}")));
}
