//! A field is repeated on one side only.
//!
//! # What it checks
//!
//! A field changed between one value and many.
//!
//! # Why it breaks
//!
//! A reader of one value takes the last of many, or, when numbers are packed, nothing at all. A reader of many takes one
//! value as a list of one. In JSON the one is a value and the other a list.
//!
//! # Safe path
//!
//! Add a repeated field with a new number and fill both for a while.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  string tag = 6;
//! +  repeated string tag = 6;
//! }
//! ```

use segue_model::check::Side;

use crate::proto::context::{Context, Say};
use crate::proto::model::Type;
use crate::proto::rule::FieldPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-field-cardinality-changed",
    title: "A field is repeated on one side only",
    why: "A reader of one value takes the last of many, or, when numbers are packed, nothing at all. A reader of many takes one value as a list of one. In JSON the one is a value and the other a list.",
    fix: "Add a repeated field with a new number and fill both for a while.",
    answers: &[
        "buf:FIELD_SAME_CARDINALITY",
        "buf:FIELD_WIRE_COMPATIBLE_CARDINALITY",
        "buf:FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
        "confluent-proto:FIELD_NUMERIC_LABEL_CHANGED",
        "confluent-proto:FIELD_STRING_OR_BYTES_LABEL_CHANGED",
    ],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &FieldPair<'_>) {
    let (old, new) = (pair.old, pair.new);
    if old.repeated == new.repeated || [&old.kind, &new.kind].iter().any(|kind| matches!(kind, Type::Map(..))) {
        return;
    }
    let many = if old.repeated { old } else { new };
    let loses = if many.packed { "packed values are not read at all" } else { "only the last value is read" };
    let word = |repeated: bool| if repeated { "many values" } else { "one value" };
    let text = format!(
        "`{}` ({}) changed from {} to {}: {loses} by who reads one",
        pair.object(),
        old.number,
        word(old.repeated),
        word(new.repeated)
    );
    let say = Say::new(&RULE, pair.object(), new.kind_at, format!("repeated {} -> {}", old.repeated, new.repeated), text);
    let value = super::sample(context.old, old);
    context.say(pair.say(say.changed().binary().json().code().witness(Side::Old, value)));
}
