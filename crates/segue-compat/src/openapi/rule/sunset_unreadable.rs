//! A sunset date cannot be read.
//!
//! # What it checks
//!
//! `x-sunset` is no date such as `2027-06-30`, with or without a time behind it.
//!
//! # Why it breaks
//!
//! Neither people nor tools can tell when it ends.
//!
//! # Safe path
//!
//! Write it as year, month and day: `2027-06-30`.
//!
//! # Example
//!
//! ```yaml
//! # new
//! get:
//!   deprecated: true
//!   x-sunset: soon
//! ```

use crate::openapi::dates;
use crate::openapi::found::{Found, Said};
use crate::openapi::model::{Anchor, Lifecycle};
use crate::openapi::pair::Scene;
use crate::rule::Rule;
use segue_model::finding::Severity;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-sunset-unreadable",
    title: "A sunset date cannot be read",
    why: "Neither people nor tools can tell when it ends.",
    fix: "Write it as year, month and day: `2027-06-30`.",
    answers: &["oasdiff:api-deprecated-sunset-parse", "oasdiff:api-path-sunset-parse", "oasdiff:request-parameter-sunset-parse"],
};

pub(super) fn check(
    found: &mut Found<'_>,
    scene: &Scene<'_>,
    what: &str,
    (_, old): (&Anchor, &Lifecycle),
    (anchor, new): (&Anchor, &Lifecycle),
) {
    if new.sunset != old.sunset && new.sunset.as_deref().is_some_and(|date| dates::day(date).is_none()) {
        let message = format!("the sunset date of {what} is no date");
        found.say(&scene.user, Said::new(&RULE, scene.new.side, anchor, message).severity(Severity::Low));
    }
}
