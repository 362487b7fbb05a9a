//! A decimal has another precision or scale.
//!
//! # What it checks
//!
//! The scale of a decimal differs, or the reader's precision is smaller than the writer's.
//!
//! # Why it breaks
//!
//! The bytes hold the digits without the point. With another scale 12.34 is read as 1.234 or 123.4, by most libraries
//! without an error; with a smaller precision digits do not fit.
//!
//! # Safe path
//!
//! Add a field with the new decimal, convert, and drop the old one.
//!
//! # Example
//!
//! ```json
//! - {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}
//! + {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 4}
//! ```

use crate::avro::context::{Context, Sides};
use crate::avro::resolve::Problem;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-decimal-changed",
    title: "A decimal has another precision or scale",
    why: "The bytes hold the digits without the point. With another scale 12.34 is read as 1.234 or 123.4, by most libraries without an error; with a smaller precision digits do not fit.",
    fix: "Add a field with the new decimal, convert, and drop the old one.",
    answers: &[],
};

pub(in crate::avro) fn say(context: &mut Context<'_>, sides: Sides, problem: &Problem) {
    let (from, to) = context.shown(sides, problem);
    let text =
        format!("{} changed from {from} to {to}: what was written reads as another number, or does not fit", context.at(sides, problem));
    context.problem(&RULE, sides, problem, format!("decimal {from} -> {to}"), text);
}
