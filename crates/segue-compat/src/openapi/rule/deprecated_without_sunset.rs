//! Something was deprecated without a date.
//!
//! # What it checks
//!
//! An operation, a parameter or a header that is marked `deprecated: true` now and has no `x-sunset`.
//!
//! # Why it breaks
//!
//! Without a date nobody moves, and the removal comes as a surprise.
//!
//! # Safe path
//!
//! Write the day until which it stays: `x-sunset: 2027-06-30`.
//!
//! # Example
//!
//! ```yaml
//! # new
//! get:
//!   deprecated: true
//! ```

use crate::openapi::found::{Found, Said};
use crate::openapi::model::{Anchor, Lifecycle};
use crate::openapi::pair::Scene;
use crate::rule::Rule;
use segue_model::finding::Severity;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-deprecated-without-sunset",
    title: "Something was deprecated without a date",
    why: "Without a date nobody moves, and the removal comes as a surprise.",
    fix: "Write the day until which it stays: `x-sunset: 2027-06-30`.",
    answers: &["oasdiff:api-deprecated-sunset-missing", "oasdiff:request-parameter-deprecated-sunset-missing"],
};

pub(super) fn check(
    found: &mut Found<'_>,
    scene: &Scene<'_>,
    what: &str,
    (_, old): (&Anchor, &Lifecycle),
    (anchor, new): (&Anchor, &Lifecycle),
) {
    if !old.deprecated && new.deprecated && new.sunset.is_none() {
        let message = format!("{what} is deprecated now, but no date says until when it stays");
        found.say(&scene.user, Said::new(&RULE, scene.new.side, anchor, message).severity(Severity::Low));
    }
}
