//! A page has another size by default.
//!
//! # What it checks
//!
//! The default of a parameter such as `limit`, `per_page` or `page_size` changed.
//!
//! # Why it breaks
//!
//! A client that does not say how much it wants gets more or less than before; one that takes the first page for everything
//! loses rows without an error.
//!
//! # Safe path
//!
//! Keep the default; clients that want another size can ask for it.
//!
//! # Example
//!
//! ```yaml
//! # old: default: 100
//! parameters:
//!   - {name: limit, in: query, schema: {type: integer, default: 20}}
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::habits;
use crate::openapi::model::Parameter;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-page-size-changed",
    title: "A page has another size by default",
    why: "A client that does not say how much it wants gets more or less than before; one that takes the first page for everything loses rows without an error.",
    fix: "Keep the default; clients that want another size can ask for it.",
    answers: &[
        "oasdiff:request-parameter-default-value-changed",
        "oasdiff:request-parameter-default-value-removed",
        "oasdiff:request-parameter-default-value-added",
    ],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Parameter, new: &Parameter) {
    if !habits::is_page_size(&new.name) {
        return;
    }
    if let Some((message, breaks)) = habits::default_changed(scene, old, new) {
        let message = format!("how much `{}` gives by default {message}", new.name);
        let said = Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(breaks).tolerated();
        found.say(&scene.user, if breaks == ROLLBACK { said.additive() } else { said });
    }
}
