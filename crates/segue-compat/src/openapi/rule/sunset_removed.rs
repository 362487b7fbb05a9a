//! A sunset date was taken away, but the deprecation stayed.
//!
//! # What it checks
//!
//! `x-sunset` is gone while `deprecated: true` is still there.
//!
//! # Why it breaks
//!
//! Clients that planned with the date do not know any more when it ends.
//!
//! # Safe path
//!
//! Put a date back, not earlier than the one that was promised.
//!
//! # Example
//!
//! ```yaml
//! # old: x-sunset: '2027-06-30'
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
    id: "openapi-sunset-removed",
    title: "A sunset date was taken away, but the deprecation stayed",
    why: "Clients that planned with the date do not know any more when it ends.",
    fix: "Put a date back, not earlier than the one that was promised.",
    answers: &["oasdiff:sunset-deleted", "oasdiff:request-parameter-sunset-deleted"],
};

pub(super) fn check(
    found: &mut Found<'_>,
    scene: &Scene<'_>,
    what: &str,
    (_, old): (&Anchor, &Lifecycle),
    (anchor, new): (&Anchor, &Lifecycle),
) {
    if let (true, true, Some(date), None) = (old.deprecated, new.deprecated, &old.sunset, &new.sunset) {
        let message = format!("{what} lost its sunset date {date}, though it is still deprecated");
        found.say(&scene.user, Said::new(&RULE, scene.new.side, anchor, message).severity(Severity::Medium));
    }
}
