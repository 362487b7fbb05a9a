//! A deprecated operation was removed.
//!
//! # What it checks
//!
//! An operation that was deprecated before, and whose sunset date has passed, or that had none.
//!
//! # Why it breaks
//!
//! Clients that did not move in time fail; they were told. Without a date nobody could tell them by when.
//!
//! # Safe path
//!
//! Look at the calls that still come before it goes, and answer 410 with a link to the guide for a while.
//!
//! # Example
//!
//! ```yaml
//! # old; new: gone
//! get:
//!   deprecated: true
//! ```

use crate::openapi::dates;
use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;
use segue_model::finding::Severity;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-operation-removed-after-deprecation",
    title: "A deprecated operation was removed",
    why: "Clients that did not move in time fail; they were told. Without a date nobody could tell them by when.",
    fix: "Look at the calls that still come before it goes, and answer 410 with a link to the guide for a while.",
    answers: &["oasdiff:api-removed-with-deprecation", "oasdiff:api-path-removed-with-deprecation"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &Matched<'_>) {
    let today = found.today.and_then(dates::day);
    for old in matched.removed.iter().filter(|old| old.life.deprecated) {
        let sunset = old.life.sunset.as_deref().and_then(dates::day);
        let (message, severity) = match (sunset, today) {
            (Some(sunset), Some(today)) if sunset > today => continue,
            (Some(_), Some(_)) => (format!("{} was removed after its sunset date", old.label()), Some(Severity::Low)),
            (Some(_), None) => {
                (format!("{} was removed; whether its sunset date has passed is not known here", old.label()), Some(Severity::Medium))
            }
            (None, _) => (format!("{} was deprecated without a date and is gone now", old.label()), Some(Severity::Medium)),
        };
        let said = Said::new(&RULE, scene.old.side, &old.anchor, message).change("removed").breaks(DEPLOY);
        found.say(&old.label(), severity.into_iter().fold(said, Said::severity));
    }
}
