//! A list comes in another order by default.
//!
//! # What it checks
//!
//! The default of a parameter such as `sort`, `order` or `order_by` changed.
//!
//! # Why it breaks
//!
//! A client that takes the first as the newest takes another one now, and pages walked with the old order skip and repeat
//! rows. Nothing fails visibly.
//!
//! # Safe path
//!
//! Keep the default; clients that want another order can ask for it.
//!
//! # Example
//!
//! ```yaml
//! # old: default: -created
//! parameters:
//!   - {name: sort, in: query, schema: {type: string, default: name}}
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::habits;
use crate::openapi::model::Parameter;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-sort-default-changed",
    title: "A list comes in another order by default",
    why: "A client that takes the first as the newest takes another one now, and pages walked with the old order skip and repeat rows. Nothing fails visibly.",
    fix: "Keep the default; clients that want another order can ask for it.",
    answers: &[
        "oasdiff:request-parameter-default-value-changed",
        "oasdiff:request-parameter-default-value-removed",
        "oasdiff:request-parameter-default-value-added",
    ],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Parameter, new: &Parameter) {
    if !habits::is_sort(&new.name) {
        return;
    }
    if let Some((message, breaks)) = habits::default_changed(scene, old, new) {
        let message = format!("the order that `{}` gives by default {message}", new.name);
        let said = Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(breaks).tolerated();
        found.say(&scene.user, if breaks == ROLLBACK { said.additive() } else { said });
    }
}
