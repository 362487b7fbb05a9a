//! A body is described now that was not before.
//!
//! # What it checks
//!
//! A media type without a schema in the old document, with one in the new.
//!
//! # Why it breaks
//!
//! What was free may be checked from now on. Whether the server takes less than before cannot be told from the document.
//!
//! # Safe path
//!
//! Check the requests of a day against the schema before it is enforced.
//!
//! # Example
//!
//! ```yaml
//! # old: application/json: {}
//! application/json:
//!   schema: {type: object}
//! ```

use crate::openapi::found::{DEPLOY, Found, ROLLBACK, Said};
use crate::openapi::model::Media;
use crate::openapi::pair::Scene;
use crate::policy::Role;
use crate::rule::Rule;
use segue_model::finding::Severity;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-schema-added",
    title: "A body is described now that was not before",
    why: "What was free may be checked from now on. Whether the server takes less than before cannot be told from the document.",
    fix: "Check the requests of a day against the schema before it is enforced.",
    answers: &["oasdiff:request-body-media-type-schema-added", "oasdiff:response-body-media-type-schema-added"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Media, new: &Media, (role, position): (Role, &str)) {
    if old.shape.is_none() && new.shape.is_some() {
        let breaks = if scene.is_request(role) { DEPLOY } else { ROLLBACK };
        let message = format!("the {} is described now, and was not before", position.replace('-', " "));
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(breaks).severity(Severity::Low));
    }
}
