//! A callback was added.
//!
//! # What it checks
//!
//! A callback of an operation that only the new document has.
//!
//! # Why it breaks
//!
//! Old clients that gave an address may get a call that they do not know; new clients wait for it in vain after going back.
//!
//! # Safe path
//!
//! Make it only for those who asked for it.
//!
//! # Example
//!
//! ```yaml
//! # new
//! callbacks:
//!   failed:
//!     '{$request.body#/url}':
//!       post: {}
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-callback-added",
    title: "A callback was added",
    why: "Old clients that gave an address may get a call that they do not know; new clients wait for it in vain after going back.",
    fix: "Make it only for those who asked for it.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &Matched<'_>) {
    for new in &matched.added {
        let message = format!("the {} is made now", new.path);
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(ROLLBACK).additive());
    }
}
