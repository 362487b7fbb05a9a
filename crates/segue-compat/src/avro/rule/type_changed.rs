//! A type does not resolve to the other.
//!
//! # What it checks
//!
//! The writer's and the reader's types are neither the same nor one that the other is promoted to (int to long, float and
//! double; long to float and double; float to double; string and bytes to each other).
//!
//! # Why it breaks
//!
//! The reader signals an error for every value, whatever it is.
//!
//! # Safe path
//!
//! Add a field of the new type with a default, fill both for a while, then drop the old one. Or make it a union of both
//! types first.
//!
//! # Example
//!
//! ```json
//! - {"name": "total", "type": "long"}
//! + {"name": "total", "type": "int"}
//! ```

use crate::avro::context::{Context, Sides};
use crate::avro::resolve::Problem;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-type-changed",
    title: "A type does not resolve to the other",
    why: "The reader signals an error for every value, whatever it is.",
    fix: "Add a field of the new type with a default, fill both for a while, then drop the old one. Or make it a union of both types first.",
    answers: &["avro:TYPE_MISMATCH"],
};

pub(in crate::avro) fn say(context: &mut Context<'_>, sides: Sides, problem: &Problem) {
    let (from, to) = context.shown(sides, problem);
    let text = format!("{} changed from {from} to {to}, which {} cannot read", context.at(sides, problem), sides.reader());
    context.problem(&RULE, sides, problem, format!("type {from} -> {to}"), text);
}
