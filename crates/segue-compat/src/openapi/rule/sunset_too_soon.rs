//! A deprecation leaves little time.
//!
//! # What it checks
//!
//! Something is deprecated now, and its `x-sunset` is fewer than 30 days after the day of the comparison. Without that day,
//! this is not asked.
//!
//! # Why it breaks
//!
//! Clients need a release of their own to move.
//!
//! # Safe path
//!
//! Choose a later day; 90 days and more are common.
//!
//! # Example
//!
//! ```yaml
//! # compared on 2026-11-21
//! get:
//!   deprecated: true
//!   x-sunset: '2026-12-01'
//! ```

use crate::openapi::dates;
use crate::openapi::found::{Found, Said};
use crate::openapi::model::{Anchor, Lifecycle};
use crate::openapi::pair::Scene;
use crate::rule::Rule;
use segue_model::finding::Severity;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-sunset-too-soon",
    title: "A deprecation leaves little time",
    why: "Clients need a release of their own to move.",
    fix: "Choose a later day; 90 days and more are common.",
    answers: &["oasdiff:api-sunset-date-too-small", "oasdiff:request-parameter-sunset-date-too-small"],
};

/// The fewest days between the announcement and the end.
const DAYS_MIN: i64 = 30;

pub(super) fn check(
    found: &mut Found<'_>,
    scene: &Scene<'_>,
    what: &str,
    (_, old): (&Anchor, &Lifecycle),
    (anchor, new): (&Anchor, &Lifecycle),
) {
    let (Some(today), Some(sunset)) = (found.today.and_then(dates::day), new.sunset.as_deref().and_then(dates::day)) else { return };
    let announced = new.deprecated && (!old.deprecated || old.sunset != new.sunset);
    if announced && sunset - today < DAYS_MIN {
        let message =
            format!("{what} is to end on {}, which leaves {} days", new.sunset.as_deref().unwrap_or_default(), (sunset - today).max(0));
        let said = Said::new(&RULE, scene.new.side, anchor, message).change("too soon").severity(Severity::Medium);
        found.say(&scene.user, said);
    }
}
