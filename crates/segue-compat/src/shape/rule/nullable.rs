//! Whether null is accepted changed.
//!
//! # What it checks
//! `nullable`, `type: null` and unions with null, however they are written.
//!
//! # Why it breaks
//! Who sends null is refused, or who reads never saw null and fails on it.
//!
//! # Safe path
//! Accept null on the reading side first, then send it; the other way round, stop sending it first.
//!
//! # Example
//! `nullable: true` to `nullable: false`: null is refused now.

use crate::rule::Rule;
use crate::shape::Types;
use crate::shape::pairs::{Local, Way};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "nullable",
    title: "Whether null is accepted changed",
    why: "Who sends null is refused, or who reads never saw null and fails on it.",
    fix: "Accept null on the reading side first, then send it; the other way round, stop sending it first.",
    answers: &[
        "oasdiff:request-property-became-not-nullable",
        "oasdiff:request-body-became-not-nullable",
        "oasdiff:response-property-became-nullable",
        "oasdiff:response-body-became-nullable",
    ],
};

/// Compares whether null fits.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let (old, new) = (local.a.types.meets(Types::NULL), local.b.types.meets(Types::NULL));
    let anchor = local.anchor(local.a.types_at, local.b.types_at.or(local.b.parts.first().copied()));
    match (old, new) {
        (true, false) => {
            let words = ("null - ".to_owned(), "null was accepted and is refused now".to_owned());
            local.claim(&RULE, Way::Narrowed, anchor, words, [serde_json::Value::Null]);
        }
        (false, true) => {
            let words = ("null + ".to_owned(), "null was refused and is accepted now".to_owned());
            local.claim(&RULE, Way::Widened, anchor, words, [serde_json::Value::Null]);
        }
        _ => {}
    }
}
