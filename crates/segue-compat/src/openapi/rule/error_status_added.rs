//! A further failure is documented.
//!
//! # What it checks
//!
//! A 4xx or 5xx status, or `default`, that only the new document has. `429` means that calls are limited from now on.
//!
//! # Why it breaks
//!
//! Clients have to treat an unknown status as its class. One that never waited must learn to when calls are limited.
//!
//! # Safe path
//!
//! Announce a limit before it holds.
//!
//! # Example
//!
//! ```yaml
//! # new
//! responses:
//!   '429': {description: slow down}
//! ```

use crate::openapi::found::{Found, Said};
use crate::openapi::pair::{Scene, StatusMatch};
use crate::rule::Rule;
use segue_model::finding::Severity;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-error-status-added",
    title: "A further failure is documented",
    why: "Clients have to treat an unknown status as its class. One that never waited must learn to when calls are limited.",
    fix: "Announce a limit before it holds.",
    answers: &["oasdiff:response-non-success-status-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &StatusMatch<'_>) {
    for (status, new) in matched.added.iter().filter(|(status, _)| !status.starts_with(['1', '2', '3'])) {
        let anchor = scene.gained(&new.anchor, &format!("responses/{status}"));
        let said = Said::new(&RULE, scene.new.side, &anchor, format!("the failure {status} is documented now"));
        found.say(&scene.user, if *status == "429" { said.severity(Severity::Low) } else { said });
    }
}
