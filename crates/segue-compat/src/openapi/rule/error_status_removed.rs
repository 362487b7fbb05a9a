//! A failure is not documented any more.
//!
//! # What it checks
//!
//! A 4xx or 5xx status, or `default`, that only the old document has.
//!
//! # Why it breaks
//!
//! Clients have to treat an unknown status as its class, so nothing breaks for certain.
//!
//! # Safe path
//!
//! Look whether the failure does not happen any more, or only is not written down.
//!
//! # Example
//!
//! ```yaml
//! # old: '404'
//! responses:
//!   '200': {description: done}
//! ```

use crate::openapi::found::{Found, Said};
use crate::openapi::pair::{Scene, StatusMatch};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-error-status-removed",
    title: "A failure is not documented any more",
    why: "Clients have to treat an unknown status as its class, so nothing breaks for certain.",
    fix: "Look whether the failure does not happen any more, or only is not written down.",
    answers: &["oasdiff:response-non-success-status-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &StatusMatch<'_>) {
    for (status, old) in matched.removed.iter().filter(|(status, _)| !status.starts_with(['1', '2', '3'])) {
        let anchor = scene.lost(&old.anchor, &format!("responses/{status}"));
        found.say(&scene.user, Said::new(&RULE, scene.old.side, &anchor, format!("the failure {status} is not documented any more")));
    }
}
