//! An operation was removed before its sunset date.
//!
//! # What it checks
//!
//! An operation that was deprecated with a date until which it would stay, removed before that day. The day of the
//! comparison is given from outside; without it, this cannot be told.
//!
//! # Why it breaks
//!
//! Clients planned with the date that was promised to them.
//!
//! # Safe path
//!
//! Put it back until the date has passed.
//!
//! # Example
//!
//! ```yaml
//! # old, compared on 2026-11-21; new: gone
//! get:
//!   deprecated: true
//!   x-sunset: '2027-03-01'
//! ```

use crate::openapi::dates;
use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-operation-removed-before-sunset",
    title: "An operation was removed before its sunset date",
    why: "Clients planned with the date that was promised to them.",
    fix: "Put it back until the date has passed.",
    answers: &["oasdiff:api-removed-before-sunset", "oasdiff:api-path-removed-before-sunset", "oasdiff:api-path-sunset-parse"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &Matched<'_>) {
    let Some(today) = found.today.and_then(dates::day) else { return };
    for old in matched.removed.iter().filter(|old| old.life.deprecated) {
        let Some(sunset) = old.life.sunset.as_deref().and_then(dates::day).filter(|sunset| *sunset > today) else { continue };
        let date = old.life.sunset.as_deref().unwrap_or_default();
        let message = format!("{} was removed {} days before its sunset date {date}", old.label(), sunset - today);
        found.say(&old.label(), Said::new(&RULE, scene.old.side, &old.anchor, message).change("removed").breaks(DEPLOY));
    }
}
