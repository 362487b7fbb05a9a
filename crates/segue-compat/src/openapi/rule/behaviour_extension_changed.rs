//! What an extension says of behaviour changed.
//!
//! # What it checks
//!
//! Extensions (`x-…`) of an operation whose names speak of rate limits, throttling, quotas, pagination, idempotency, time-
//! outs, retries, sorting, caching or consistency.
//!
//! # Why it breaks
//!
//! The signature is the same, and clients that count on the behaviour (so many calls a minute, a safe repetition) meet
//! another one.
//!
//! # Safe path
//!
//! Tell clients in time, and keep the more generous behaviour until they have moved.
//!
//! # Example
//!
//! ```yaml
//! # old: 100
//! get:
//!   x-rate-limit: 10
//! ```

use crate::openapi::found::{Found, Said};
use crate::openapi::model::Operation;
use crate::openapi::pair::Scene;
use crate::rule::Rule;
use segue_model::finding::Severity;
use std::collections::BTreeSet;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-behaviour-extension-changed",
    title: "What an extension says of behaviour changed",
    why: "The signature is the same, and clients that count on the behaviour (so many calls a minute, a safe repetition) meet another one.",
    fix: "Tell clients in time, and keep the more generous behaviour until they have moved.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Operation, new: &Operation) {
    let names: BTreeSet<&String> = old.behaviour.keys().chain(new.behaviour.keys()).collect();
    for name in names {
        let (before, after) = (old.behaviour.get(name), new.behaviour.get(name));
        if before.map(|(value, _)| value) == after.map(|(value, _)| value) {
            continue;
        }
        let what = match (before, after) {
            (Some(_), None) => "was taken away",
            (None, Some(_)) => "was added",
            _ => "says something else now",
        };
        let (side, place) = after.map_or((scene.old.side, old.anchor.place), |(_, place)| (scene.new.side, *place));
        let severity = if before.is_some() { Severity::Low } else { Severity::Info };
        let said = Said::new(&RULE, scene.new.side, &new.anchor, format!("`{name}` {what}")).at(side, place).severity(severity);
        found.say(&scene.user, said);
    }
}
