//! A way to prove who one is was taken away.
//!
//! # What it checks
//!
//! Credentials that were enough for the old document are not for the new one: an alternative is gone, or another scheme
//! must be met as well.
//!
//! # Why it breaks
//!
//! Clients that come with those credentials get 401 or 403.
//!
//! # Safe path
//!
//! Keep the old alternative until the log shows that nobody uses it.
//!
//! # Example
//!
//! ```yaml
//! # old: [{apiKey: []}, {oauth: []}]
//! get:
//!   security:
//!     - oauth: []
//! ```

use crate::openapi::credentials;
use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::model::Operation;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-security-alternative-removed",
    title: "A way to prove who one is was taken away",
    why: "Clients that come with those credentials get 401 or 403.",
    fix: "Keep the old alternative until the log shows that nobody uses it.",
    answers: &["oasdiff:api-security-removed", "oasdiff:api-global-security-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Operation, new: &Operation) {
    for lost in credentials::compare(scene, &old.security, &new.security).lost {
        let message = format!("{lost} is not enough any more");
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.security.anchor, message).breaks(DEPLOY));
    }
}
