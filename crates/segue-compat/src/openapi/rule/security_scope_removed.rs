//! An operation does without a scope.
//!
//! # What it checks
//!
//! A scope that tokens had to have for the old document and need not have for the new one.
//!
//! # Why it breaks
//!
//! More callers may do it than before. New clients whose tokens lack the scope fail against the old server.
//!
//! # Safe path
//!
//! Make sure that everybody who has the remaining scopes may do this.
//!
//! # Example
//!
//! ```yaml
//! # old: oauth: [read, orders]
//! get:
//!   security:
//!     - oauth: [read]
//! ```

use crate::openapi::credentials;
use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::model::Operation;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-security-scope-removed",
    title: "An operation does without a scope",
    why: "More callers may do it than before. New clients whose tokens lack the scope fail against the old server.",
    fix: "Make sure that everybody who has the remaining scopes may do this.",
    answers: &["oasdiff:api-security-scope-removed", "oasdiff:api-global-security-scope-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Operation, new: &Operation) {
    for (scheme, scope) in credentials::compare(scene, &old.security, &new.security).scopes_removed {
        let message = format!("`{scheme}` need not have the scope `{scope}` any more");
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.security.anchor, message).breaks(ROLLBACK));
    }
}
