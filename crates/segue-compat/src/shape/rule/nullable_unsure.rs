//! Whether null is meant is not said.
//!
//! # What it checks
//! `nullable: true` of OpenAPI 3.0 beside `allOf`, `anyOf` or `oneOf` without a `type`, on one side only.
//!
//! # Why it breaks
//! By the letter of OpenAPI 3.0.3 `nullable` adds null only to a `type` beside it, and says nothing here; many generators and
//! validators take null all the same. Which of them reads the document, the document does not tell.
//!
//! # Safe path
//! Say what is meant: `type` beside `nullable`, or one more member of `oneOf` with `nullable: true` and `enum: [null]`.
//!
//! # Example
//! ```yaml
//! -shipping: {$ref: '#/components/schemas/Address'}
//! +shipping: {nullable: true, allOf: [{$ref: '#/components/schemas/Address'}]}
//! ```

use crate::rule::Rule;
use crate::shape::pairs::Local;
use crate::shape::view::View;
use crate::shape::{ShapeId, Shapes, Types};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "nullable-unsure",
    title: "Whether null is meant is not said",
    why: "Readers disagree whether `nullable` beside a combination without `type` takes null.",
    fix: "Put `type` beside `nullable`, or name null as one member of `oneOf`.",
    answers: &[],
};

/// Compares where it stands.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let old = found(local.a, local.pairs.old.shapes);
    let new = found(local.b, local.pairs.new.shapes);
    // Where null fits anyhow, it adds nothing.
    let says = |view: &View<'_>, at: Option<ShapeId>| at.filter(|_| !view.types.meets(Types::NULL));
    let (old, new) = (says(local.a, old), says(local.b, new));
    let message = match (old.is_some(), new.is_some()) {
        (false, true) => "`nullable` stands beside a combination without `type` now: readers disagree whether null is meant",
        (true, false) => "`nullable` stood beside a combination without `type`: readers disagree whether null was meant",
        _ => return,
    };
    let anchor = local.anchor(old, new);
    local.undecided(&RULE, anchor, "nullable beside a combination".to_owned(), message.to_owned());
}

fn found(view: &View<'_>, shapes: &Shapes) -> Option<ShapeId> {
    view.parts.iter().copied().find(|id| shapes.get(*id).notes.as_ref().is_some_and(|notes| notes.nullable_unsure))
}
