//! A webhook was added.
//!
//! # What it checks
//!
//! A webhook that only the new document has.
//!
//! # Why it breaks
//!
//! Old clients do not know it; those that take every event must ignore what they do not know. New clients wait for it in
//! vain after going back.
//!
//! # Safe path
//!
//! Send it only to those who asked for it.
//!
//! # Example
//!
//! ```yaml
//! # new
//! webhooks:
//!   order.paid:
//!     post: {}
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-webhook-added",
    title: "A webhook was added",
    why: "Old clients do not know it; those that take every event must ignore what they do not know. New clients wait for it in vain after going back.",
    fix: "Send it only to those who asked for it.",
    answers: &["oasdiff:webhook-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &Matched<'_>) {
    for new in &matched.added {
        let message = format!("{} is sent now", new.path);
        found.say(&new.label(), Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(ROLLBACK).additive());
    }
}
