//! A sunset date was moved to an earlier day.
//!
//! # What it checks
//!
//! `x-sunset` names an earlier day than before.
//!
//! # Why it breaks
//!
//! Clients planned with the date that was promised to them.
//!
//! # Safe path
//!
//! Keep the date that was promised.
//!
//! # Example
//!
//! ```yaml
//! # old: '2027-06-30'
//! get:
//!   deprecated: true
//!   x-sunset: '2027-01-31'
//! ```

use crate::openapi::dates;
use crate::openapi::found::{Found, Said};
use crate::openapi::model::{Anchor, Lifecycle};
use crate::openapi::pair::Scene;
use crate::rule::Rule;
use segue_model::finding::Severity;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-sunset-earlier",
    title: "A sunset date was moved to an earlier day",
    why: "Clients planned with the date that was promised to them.",
    fix: "Keep the date that was promised.",
    answers: &["oasdiff:api-sunset-date-changed-too-small", "oasdiff:request-parameter-sunset-date-changed-too-small"],
};

pub(super) fn check(
    found: &mut Found<'_>,
    scene: &Scene<'_>,
    what: &str,
    (_, old): (&Anchor, &Lifecycle),
    (anchor, new): (&Anchor, &Lifecycle),
) {
    let day = |life: &Lifecycle| life.sunset.as_deref().and_then(dates::day);
    if let (Some(before), Some(after)) = (day(old), day(new))
        && after < before
    {
        let message =
            format!("the sunset date of {what} is {} days earlier now: {}", before - after, new.sunset.as_deref().unwrap_or_default());
        found.say(&scene.user, Said::new(&RULE, scene.new.side, anchor, message).severity(Severity::Medium));
    }
}
