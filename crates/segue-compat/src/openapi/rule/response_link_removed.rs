//! A link of a response was removed.
//!
//! # What it checks
//!
//! An entry of `links` that only the old document has.
//!
//! # Why it breaks
//!
//! Clients that walk by links (the next page, the created order) do not find the way.
//!
//! # Safe path
//!
//! Keep the link.
//!
//! # Example
//!
//! ```yaml
//! # old; new: gone
//! links:
//!   next: {operationId: listOrders}
//! ```

use crate::openapi::found::{DEPLOY, Found, ROLLBACK, Said};
use crate::openapi::model::Response;
use crate::openapi::pair::{MediaMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-response-link-removed",
    title: "A link of a response was removed",
    why: "Clients that walk by links (the next page, the created order) do not find the way.",
    fix: "Keep the link.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, status: &str, (old, new): (&Response, &Response), _types: &MediaMatch<'_>) {
    for (name, _) in old.links.iter().filter(|(name, _)| !new.links.contains_key(*name)) {
        let message = format!("the link `{name}` of the response {status} is gone");
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(DEPLOY).tolerated());
    }
    for (name, (_, place)) in new.links.iter().filter(|(name, _)| !old.links.contains_key(*name)) {
        let message = format!("the link `{name}` of the response {status} is new");
        found.say(
            &scene.user,
            Said::new(&RULE, scene.new.side, &new.anchor, message).at(scene.new.side, *place).breaks(ROLLBACK).additive(),
        );
    }
}
