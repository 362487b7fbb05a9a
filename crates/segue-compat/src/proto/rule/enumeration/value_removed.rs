//! A value of an enum is gone.
//!
//! # What it checks
//!
//! A number of the old enum has no value on the new side, and its name has none either.
//!
//! # Why it breaks
//!
//! Old data holds the number: an open enum keeps it as a number that has no name, a closed one sets it aside as unknown. In
//! JSON the name is refused.
//!
//! # Safe path
//!
//! Mark the value deprecated, stop writing it, then remove it and reserve its number and name.
//!
//! # Example
//!
//! ```proto
//! enum State {
//!   NEW = 0;
//! -  HELD = 1;
//! +  reserved 1;
//! +  reserved "HELD";
//! }
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;
use serde_json::json;

use crate::proto::context::{Context, Say};
use crate::proto::model::EnumValue;
use crate::proto::rule::EnumPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-enum-value-removed",
    title: "A value of an enum is gone",
    why: "Old data holds the number: an open enum keeps it as a number that has no name, a closed one sets it aside as unknown. In JSON the name is refused.",
    fix: "Mark the value deprecated, stop writing it, then remove it and reserve its number and name.",
    answers: &[
        "buf:ENUM_VALUE_NO_DELETE",
        "buf:ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED",
        "buf:ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED",
        "confluent-proto:ENUM_CONST_REMOVED",
    ],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &EnumPair<'_>, value: &EnumValue) {
    let object = format!("{}.{}", pair.old.name, value.name);
    let reserved = pair.new.reserved.number(value.number) && pair.new.reserved.name(&value.name);
    let open = if reserved { "" } else { "; its number and name are not both reserved" };
    let text = format!("the value `{object}` = {} is gone{open}", value.number);
    let say = Say::gone(&RULE, object, value.place, "value removed", text).narrowed().binary_if(pair.new.closed).json().code();
    let say = say.of_enum(pair.old_id, pair.new_id).witness(Side::Old, json!(&*value.name));
    context.say(if reserved { say.at_most(Severity::Medium) } else { say });
}
