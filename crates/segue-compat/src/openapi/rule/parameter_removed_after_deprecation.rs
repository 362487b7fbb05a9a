//! A deprecated parameter was removed.
//!
//! # What it checks
//!
//! A parameter that was deprecated before, whose sunset date has passed or that had none.
//!
//! # Why it breaks
//!
//! Clients that still send it are refused, or get something else than they asked for; they were told.
//!
//! # Safe path
//!
//! Look at the calls that still carry it before it goes.
//!
//! # Example
//!
//! ```yaml
//! # old; new: gone
//! parameters:
//!   - {name: status, in: query, deprecated: true}
//! ```

use crate::openapi::dates;
use crate::openapi::found::{BOTH, DEPLOY, Found, Said};
use crate::openapi::pair::{ParameterMatch, Scene};
use crate::rule::Rule;
use segue_model::finding::Severity;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-parameter-removed-after-deprecation",
    title: "A deprecated parameter was removed",
    why: "Clients that still send it are refused, or get something else than they asked for; they were told.",
    fix: "Look at the calls that still carry it before it goes.",
    answers: &["oasdiff:request-parameter-removed-with-deprecation", "oasdiff:request-parameter-sunset-parse"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &ParameterMatch<'_>) {
    let today = found.today.and_then(dates::day);
    for old in matched.removed.iter().filter(|old| old.life.deprecated) {
        let sunset = old.life.sunset.as_deref().and_then(dates::day);
        if sunset.zip(today).is_some_and(|(sunset, today)| sunset > today) {
            continue;
        }
        let anchor = scene.lost(&old.anchor, &format!("parameters/{}/{}", old.location.word(), old.name));
        let message = format!("the deprecated {} parameter `{}` was removed", old.location.word(), old.name);
        let said = Said::new(&RULE, scene.old.side, &anchor, message).change("removed").severity(Severity::Low);
        found.say(&scene.user, said.breaks(if old.required { BOTH } else { DEPLOY }));
    }
}
