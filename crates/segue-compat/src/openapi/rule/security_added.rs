//! An operation asks for credentials that did not ask before.
//!
//! # What it checks
//!
//! Without credentials the old document lets somebody call, the new one does not.
//!
//! # Why it breaks
//!
//! Clients that call without credentials get 401 or 403.
//!
//! # Safe path
//!
//! Accept both for a while: add `{}` to the alternatives, log who comes without, and take it away when nobody does.
//!
//! # Example
//!
//! ```yaml
//! # old: security: []
//! get:
//!   security:
//!     - apiKey: []
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::model::Operation;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-security-added",
    title: "An operation asks for credentials that did not ask before",
    why: "Clients that call without credentials get 401 or 403.",
    fix: "Accept both for a while: add `{}` to the alternatives, log who comes without, and take it away when nobody does.",
    answers: &["oasdiff:api-security-added", "oasdiff:api-global-security-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Operation, new: &Operation) {
    if old.security.is_open() && !new.security.is_open() {
        let message = "credentials are asked for now, and were not before";
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.security.anchor, message).breaks(DEPLOY));
    }
}
