//! A callback is not made any more.
//!
//! # What it checks
//!
//! A callback of an operation, or an address of one, that only the old document has.
//!
//! # Why it breaks
//!
//! Clients that gave the address wait for a call that does not come.
//!
//! # Safe path
//!
//! Make both calls for a while, and deprecate the old one with a date.
//!
//! # Example
//!
//! ```yaml
//! # old; new: gone
//! callbacks:
//!   paid:
//!     '{$request.body#/url}':
//!       post: {}
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-callback-removed",
    title: "A callback is not made any more",
    why: "Clients that gave the address wait for a call that does not come.",
    fix: "Make both calls for a while, and deprecate the old one with a date.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &Matched<'_>) {
    for old in &matched.removed {
        found.say(
            &scene.user,
            Said::new(&RULE, scene.old.side, &old.anchor, format!("the {} is not made any more", old.path)).breaks(DEPLOY),
        );
    }
}
