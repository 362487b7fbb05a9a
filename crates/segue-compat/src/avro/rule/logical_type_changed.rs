//! A value has another meaning.
//!
//! # What it checks
//!
//! The logical types of the same type differ (a timestamp in milliseconds and in microseconds, a date and a plain number of
//! another unit, a decimal and plain bytes), or only UUIDs are read where any text was written.
//!
//! # Why it breaks
//!
//! Resolution does not look at logical types: the number is read as it is, and means something else, without an error.
//!
//! # Safe path
//!
//! Add a field with the new logical type, fill both, move the readers.
//!
//! # Example
//!
//! ```json
//! - {"type": "long", "logicalType": "timestamp-millis"}
//! + {"type": "long", "logicalType": "timestamp-micros"}
//! ```

use crate::avro::context::{Context, Sides};
use crate::avro::resolve::Problem;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-logical-type-changed",
    title: "A value has another meaning",
    why: "Resolution does not look at logical types: the number is read as it is, and means something else, without an error.",
    fix: "Add a field with the new logical type, fill both, move the readers.",
    answers: &[],
};

pub(in crate::avro) fn say(context: &mut Context<'_>, sides: Sides, problem: &Problem) {
    let (from, to) = context.shown(sides, problem);
    let text = format!("{} changed from {from} to {to}: the same bytes mean something else", context.at(sides, problem));
    context.problem(&RULE, sides, problem, format!("meaning {from} -> {to}"), text);
}
