//! The documentation's own example is refused now.
//!
//! # What it checks
//!
//! An example of a request in the old document that fits the old schema and not the new one.
//!
//! # Why it breaks
//!
//! People copied it. It is the request that most surely is sent by somebody.
//!
//! # Safe path
//!
//! Keep taking it, or tell everybody who copied it.
//!
//! # Example
//!
//! ```yaml
//! # old: the same example, without the pattern
//! application/json:
//!   schema: {type: object, properties: {code: {type: string, pattern: '^[A-Z]+$'}}}
//!   example: {code: ab}
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::habits;
use crate::openapi::pair::Scene;
use crate::rule::Rule;
use crate::shape::ShapeId;
use segue_model::check::{Side, Witness};

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-example-refused",
    title: "The documentation's own example is refused now",
    why: "People copied it. It is the request that most surely is sent by somebody.",
    fix: "Keep taking it, or tell everybody who copied it.",
    answers: &[],
};

/// Says so for the examples of a place whose shapes are these.
pub(in crate::openapi) fn check(
    found: &mut Found<'_>,
    scene: &Scene<'_>,
    examples: &[crate::openapi::model::Example],
    old: ShapeId,
    new: ShapeId,
) {
    for example in examples {
        let Some(value) = habits::example(scene.old_files, example) else { continue };
        let value = value.json();
        let fits = |shapes, shape| crate::shape::relate::accepts(shapes, shape, &value, scene.options);
        if fits(&scene.old.shapes, old) == Some(true) && fits(&scene.new.shapes, new) == Some(false) {
            let witness = Witness { accepted_by: Side::Old, value };
            let message = "the example that the old document shows is refused now";
            let said = Said::new(&RULE, scene.old.side, &example.anchor, message).breaks(DEPLOY).witness(witness);
            found.say(&scene.user, said);
        }
    }
}
