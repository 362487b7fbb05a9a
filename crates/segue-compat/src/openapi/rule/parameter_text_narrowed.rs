//! A parameter took any text, and does not now.
//!
//! # What it checks
//!
//! A parameter that was a text without limits and takes only numbers or truths now. (Only for parameters that are written
//! by a style, and for single values.)
//!
//! # Why it breaks
//!
//! Old clients that send another text get 400.
//!
//! # Safe path
//!
//! Look at what is sent before it is refused: leading zeros and letters in identifiers are common.
//!
//! # Example
//!
//! ```yaml
//! # old: type: string
//! parameters:
//!   - {name: id, in: query, schema: {type: integer}}
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::habits;
use crate::openapi::model::Parameter;
use crate::openapi::pair::Scene;
use crate::rule::Rule;
use segue_model::check::{Side, Witness};

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-parameter-text-narrowed",
    title: "A parameter took any text, and does not now",
    why: "Old clients that send another text get 400.",
    fix: "Look at what is sent before it is refused: leading zeros and letters in identifiers are common.",
    answers: &["oasdiff:request-parameter-type-changed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Parameter, new: &Parameter) {
    if habits::text_of(scene, old, new) == Some(habits::AsText::Narrowed) {
        let message = format!("the {} parameter `{}` took any text, and takes only some values now", new.location.word(), new.name);
        let witness = Witness { accepted_by: Side::Old, value: "a".into() };
        found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(DEPLOY).witness(witness));
    }
}
