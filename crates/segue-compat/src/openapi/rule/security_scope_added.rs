//! An operation asks for a further scope.
//!
//! # What it checks
//!
//! A scope that tokens must have for the new document and need not have for the old one.
//!
//! # Why it breaks
//!
//! Tokens that were given out before lack it: 403, until every client asked its users again.
//!
//! # Safe path
//!
//! Give the scope to existing grants first, then ask for it.
//!
//! # Example
//!
//! ```yaml
//! # old: oauth: [read]
//! get:
//!   security:
//!     - oauth: [read, orders]
//! ```

use crate::openapi::credentials;
use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::model::Operation;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-security-scope-added",
    title: "An operation asks for a further scope",
    why: "Tokens that were given out before lack it: 403, until every client asked its users again.",
    fix: "Give the scope to existing grants first, then ask for it.",
    answers: &["oasdiff:api-security-scope-added", "oasdiff:api-global-security-scope-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Operation, new: &Operation) {
    for (scheme, scope) in credentials::compare(scene, &old.security, &new.security).scopes_added {
        let message = format!("`{scheme}` must have the scope `{scope}` now");
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.security.anchor, message).breaks(DEPLOY));
    }
}
