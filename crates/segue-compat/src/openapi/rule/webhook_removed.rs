//! A webhook is not sent any more.
//!
//! # What it checks
//!
//! A webhook that only the old document has.
//!
//! # Why it breaks
//!
//! Clients that wait for it wait for ever.
//!
//! # Safe path
//!
//! Deprecate it with a date, and send both for a while if another takes its place.
//!
//! # Example
//!
//! ```yaml
//! # old; new: gone
//! webhooks:
//!   order.created:
//!     post: {}
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-webhook-removed",
    title: "A webhook is not sent any more",
    why: "Clients that wait for it wait for ever.",
    fix: "Deprecate it with a date, and send both for a while if another takes its place.",
    answers: &["oasdiff:webhook-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &Matched<'_>) {
    for old in &matched.removed {
        let message = format!("{} is not sent any more", old.path);
        found.say(&old.label(), Said::new(&RULE, scene.old.side, &old.anchor, message).breaks(DEPLOY));
    }
}
