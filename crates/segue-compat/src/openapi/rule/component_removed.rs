//! A component was removed.
//!
//! # What it checks
//!
//! A name under `components` (or `definitions`, `parameters`, `responses` of Swagger 2.0) that the new document does not
//! have.
//!
//! # Why it breaks
//!
//! Nothing on the wire changes by that alone. Generated clients lose a class of that name, and references from other
//! documents lead nowhere.
//!
//! # Safe path
//!
//! Keep the name as an alias (`$ref`) for a release, if other documents or generated code use it.
//!
//! # Example
//!
//! ```yaml
//! # old; new: gone
//! components:
//!   schemas:
//!     Order: {type: object}
//! ```

use crate::openapi::found::{Found, Said};
use crate::openapi::model::Anchor;
use crate::openapi::pair::{Matched, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-component-removed",
    title: "A component was removed",
    why: "Nothing on the wire changes by that alone. Generated clients lose a class of that name, and references from other documents lead nowhere.",
    fix: "Keep the name as an alias (`$ref`) for a release, if other documents or generated code use it.",
    answers: &["oasdiff:api-schema-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, _matched: &Matched<'_>) {
    for (object, place) in &scene.old.components {
        if !scene.new.components.contains_key(object)
            && !object.starts_with("components/securitySchemes/")
            && scene.old.dialect == scene.new.dialect
        {
            let anchor = Anchor { object: object.clone(), place: *place };
            let message = format!("the component `{}` was removed", object.rsplit('/').next().unwrap_or_default());
            found.say("", Said::new(&RULE, scene.old.side, &anchor, message));
        }
    }
}
