//! A parameter takes any text now.
//!
//! # What it checks
//!
//! A parameter of numbers or truths that is a text without limits now. On the wire both are text, so that what old clients
//! send still fits. (Only for parameters that are written by a style, and for single values.)
//!
//! # Why it breaks
//!
//! No old client notices. New clients that send another text get 400 from the old server.
//!
//! # Safe path
//!
//! Let clients send other texts when no old server is left.
//!
//! # Example
//!
//! ```yaml
//! # old: type: integer
//! parameters:
//!   - {name: id, in: query, schema: {type: string}}
//! ```

use crate::openapi::found::{Found, ROLLBACK, Said};
use crate::openapi::habits;
use crate::openapi::model::Parameter;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-parameter-text-widened",
    title: "A parameter takes any text now",
    why: "No old client notices. New clients that send another text get 400 from the old server.",
    fix: "Let clients send other texts when no old server is left.",
    answers: &["oasdiff:request-parameter-type-generalized"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Parameter, new: &Parameter) {
    if habits::text_of(scene, old, new) == Some(habits::AsText::Widened) {
        let message = format!("the {} parameter `{}` takes any text now", new.location.word(), new.name);
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(ROLLBACK));
    }
}
