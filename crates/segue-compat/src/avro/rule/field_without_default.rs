//! A field is missing, and the reader has no default for it.
//!
//! # What it checks
//!
//! A field of the reader's record is not in the writer's, neither by name nor by alias, and has no default.
//!
//! # Why it breaks
//!
//! The reader has no value to put there: it signals an error for every record.
//!
//! # Safe path
//!
//! Give every field a default when it is added, and keep the default when it is removed.
//!
//! # Example
//!
//! ```json
//! - "fields": [{"name": "id", "type": "long"}]
//! + "fields": [{"name": "id", "type": "long"}, {"name": "currency", "type": "string", "default": "EUR"}]
//! ```

use crate::avro::context::{Context, Sides};
use crate::avro::resolve::Problem;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-field-without-default",
    title: "A field is missing, and the reader has no default for it",
    why: "The reader has no value to put there: it signals an error for every record.",
    fix: "Give every field a default when it is added, and keep the default when it is removed.",
    answers: &["avro:READER_FIELD_MISSING_DEFAULT_VALUE"],
};

pub(in crate::avro) fn say(context: &mut Context<'_>, sides: Sides, problem: &Problem) {
    let crate::avro::resolve::Why::FieldWithoutDefault(name) = &problem.why else { return };
    let text =
        format!("{} has no field `{name}` on the one side, and {} has no default for it", context.at(sides, problem), sides.reader());
    context.member(&RULE, sides, problem, name, "no default".to_owned(), text);
}
