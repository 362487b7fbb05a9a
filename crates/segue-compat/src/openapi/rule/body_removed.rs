//! A request has no body any more.
//!
//! # What it checks
//!
//! A request body that only the old document has.
//!
//! # Why it breaks
//!
//! What old clients send in it is refused or ignored: they think that it was done. The old server asks new clients for a
//! body that it must have.
//!
//! # Safe path
//!
//! Keep taking it, or answer 400 instead of ignoring it.
//!
//! # Example
//!
//! ```yaml
//! # old; new: gone
//! post:
//!   requestBody:
//!     content: {application/json: {}}
//! ```

use crate::openapi::found::{BOTH, DEPLOY, Found, Said};
use crate::openapi::model::Body;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-body-removed",
    title: "A request has no body any more",
    why: "What old clients send in it is refused or ignored: they think that it was done. The old server asks new clients for a body that it must have.",
    fix: "Keep taking it, or answer 400 instead of ignoring it.",
    answers: &["oasdiff:request-body-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: Option<&Body>, new: Option<&Body>) {
    if let (Some(old), None) = (old, new) {
        let anchor = scene.lost(&old.anchor, "requestBody");
        let said = Said::new(&RULE, scene.old.side, &anchor, "the request has no body any more");
        found.say(&scene.user, said.breaks(if old.required { BOTH } else { DEPLOY }));
    }
}
