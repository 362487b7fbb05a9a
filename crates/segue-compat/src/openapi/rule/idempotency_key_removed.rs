//! An idempotency key is not taken any more.
//!
//! # What it checks
//!
//! A parameter such as the header `Idempotency-Key` that the new document does not have.
//!
//! # Why it breaks
//!
//! Clients repeat a request after a time-out and count on it being done once; without the key an order is placed, or money
//! is moved, twice. Nothing fails visibly.
//!
//! # Safe path
//!
//! Keep the key. If it moves, read both places.
//!
//! # Example
//!
//! ```yaml
//! # old; new: gone
//! parameters:
//!   - {name: Idempotency-Key, in: header, schema: {type: string}}
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::habits;
use crate::openapi::pair::{ParameterMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-idempotency-key-removed",
    title: "An idempotency key is not taken any more",
    why: "Clients repeat a request after a time-out and count on it being done once; without the key an order is placed, or money is moved, twice. Nothing fails visibly.",
    fix: "Keep the key. If it moves, read both places.",
    answers: &["oasdiff:request-parameter-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &ParameterMatch<'_>) {
    for old in matched.removed.iter().filter(|old| habits::is_idempotency_key(&old.name)) {
        let anchor = scene.lost(&old.anchor, &format!("parameters/{}/{}", old.location.word(), old.name));
        let message = format!("`{}` is not taken any more: a repeated request is done twice", old.name);
        found.say(&scene.user, Said::new(&RULE, scene.old.side, &anchor, message).change("removed").breaks(DEPLOY));
    }
}
