//! A parameter is written in another way.
//!
//! # What it checks
//!
//! `style`, `explode`, `allowReserved` or `collectionFormat` of a parameter that may be a list or a map (of a single value
//! only `style` in the path and reserved characters count). The defaults of the specification are known, so that writing
//! them down is no change.
//!
//! # Why it breaks
//!
//! The same value is other text in the request: `ids=1,2` and `ids=1&ids=2`. The server reads one value where two were
//! sent.
//!
//! # Safe path
//!
//! Read both ways, or take a new name for the new way.
//!
//! # Example
//!
//! ```yaml
//! # old: explode: true
//! parameters:
//!   - {name: ids, in: query, explode: false, schema: {type: array}}
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::model::{Location, Parameter};
use crate::openapi::pair::Scene;
use crate::rule::Rule;
use crate::shape::Types;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-parameter-style-changed",
    title: "A parameter is written in another way",
    why: "The same value is other text in the request: `ids=1,2` and `ids=1&ids=2`. The server reads one value where two were sent.",
    fix: "Read both ways, or take a new name for the new way.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Parameter, new: &Parameter) {
    if old.location != new.location || old.media.is_some() || new.media.is_some() || old.style == new.style {
        return;
    }
    let single = |parameter: &Parameter, shapes: &crate::shape::Shapes| {
        parameter.shape.is_some_and(|shape| !shapes.get(shapes.resolve(shape)).types.meets(Types::ARRAY.or(Types::OBJECT)))
    };
    let marks = |style: &str| style.replace(", exploded", "");
    let is_query = matches!(new.location, Location::Query | Location::Cookie);
    let plain = |style: &str| if is_query { marks(style).split(", ").skip(1).collect::<Vec<_>>().join(", ") } else { marks(style) };
    if single(old, &scene.old.shapes) && single(new, &scene.new.shapes) && plain(&old.style) == plain(&new.style) {
        return;
    }
    let message = format!(
        "the {} parameter `{}` was written as `{}` and is written as `{}` now",
        new.location.word(),
        new.name,
        old.style,
        new.style
    );
    found.say(&scene.user, Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(BOTH));
}
