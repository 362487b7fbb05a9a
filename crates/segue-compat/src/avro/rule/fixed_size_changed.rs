//! A fixed type has another size.
//!
//! # What it checks
//!
//! The sizes of two fixed types differ.
//!
//! # Why it breaks
//!
//! The reader would take bytes of the next value; it signals an error instead.
//!
//! # Safe path
//!
//! Declare a fixed type of the new size under a new name, in a new field.
//!
//! # Example
//!
//! ```json
//! - {"type": "fixed", "name": "Hash", "size": 16}
//! + {"type": "fixed", "name": "Hash", "size": 32}
//! ```

use crate::avro::context::{Context, Sides};
use crate::avro::resolve::Problem;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-fixed-size-changed",
    title: "A fixed type has another size",
    why: "The reader would take bytes of the next value; it signals an error instead.",
    fix: "Declare a fixed type of the new size under a new name, in a new field.",
    answers: &["avro:FIXED_SIZE_MISMATCH"],
};

pub(in crate::avro) fn say(context: &mut Context<'_>, sides: Sides, problem: &Problem) {
    let text = format!("{} has another size, and {} cannot read it", context.at(sides, problem), sides.reader());
    context.problem(&RULE, sides, problem, "size".to_owned(), text);
}
