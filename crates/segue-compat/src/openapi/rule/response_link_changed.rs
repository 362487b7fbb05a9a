//! A link of a response leads elsewhere.
//!
//! # What it checks
//!
//! An entry of `links` that names another operation or gives it other parameters.
//!
//! # Why it breaks
//!
//! Clients that walk by links come to another place.
//!
//! # Safe path
//!
//! Give the new way a new name.
//!
//! # Example
//!
//! ```yaml
//! # old: operationId: listOrders
//! links:
//!   next: {operationId: searchOrders}
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::model::Response;
use crate::openapi::pair::{MediaMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-response-link-changed",
    title: "A link of a response leads elsewhere",
    why: "Clients that walk by links come to another place.",
    fix: "Give the new way a new name.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, status: &str, (old, new): (&Response, &Response), _types: &MediaMatch<'_>) {
    for (name, (before, _)) in &old.links {
        if let Some((after, place)) = new.links.get(name)
            && before != after
        {
            let message = format!("the link `{name}` of the response {status} leads elsewhere");
            found.say(
                &scene.user,
                Said::new(&RULE, scene.new.side, &new.anchor, message).at(scene.new.side, *place).breaks(BOTH).tolerated(),
            );
        }
    }
}
