//! A parameter was removed before its sunset date.
//!
//! # What it checks
//!
//! A deprecated parameter that was removed before the day until which it would stay. The day of the comparison is given
//! from outside.
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
//! parameters:
//!   - {name: status, in: query, deprecated: true, x-sunset: '2027-03-01'}
//! ```

use crate::openapi::dates;
use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::pair::{ParameterMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-parameter-removed-before-sunset",
    title: "A parameter was removed before its sunset date",
    why: "Clients planned with the date that was promised to them.",
    fix: "Put it back until the date has passed.",
    answers: &["oasdiff:request-parameter-removed-before-sunset"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &ParameterMatch<'_>) {
    let Some(today) = found.today.and_then(dates::day) else { return };
    for old in matched.removed.iter().filter(|old| old.life.deprecated) {
        let date = old.life.sunset.as_deref().unwrap_or_default();
        if dates::day(date).is_some_and(|sunset| sunset > today) {
            let anchor = scene.lost(&old.anchor, &format!("parameters/{}/{}", old.location.word(), old.name));
            let message = format!("the {} parameter `{}` was removed before its sunset date {date}", old.location.word(), old.name);
            found.say(&scene.user, Said::new(&RULE, scene.old.side, &anchor, message).change("removed").breaks(DEPLOY));
        }
    }
}
