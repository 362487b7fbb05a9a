//! An enum has a new value.
//!
//! # What it checks
//!
//! A number of the new enum has no value on the old side, and its name has none either.
//!
//! # Why it breaks
//!
//! A reader of the old side that meets the new value keeps the number without a name (open enums), sets the field aside as
//! unknown (closed enums), or refuses the name (JSON). Code that handles every value handles all but this one.
//!
//! # Safe path
//!
//! Deploy readers that know the value before anybody writes it.
//!
//! # Example
//!
//! ```proto
//! enum State {
//!   NEW = 0;
//! +  LOST = 2;
//! }
//! ```

use segue_model::check::Side;
use serde_json::json;

use crate::proto::context::{Context, Say};
use crate::proto::model::EnumValue;
use crate::proto::rule::EnumPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-enum-value-added",
    title: "An enum has a new value",
    why: "A reader of the old side that meets the new value keeps the number without a name (open enums), sets the field aside as unknown (closed enums), or refuses the name (JSON). Code that handles every value handles all but this one.",
    fix: "Deploy readers that know the value before anybody writes it.",
    answers: &["confluent-proto:ENUM_CONST_ADDED"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &EnumPair<'_>, value: &EnumValue) {
    let object = format!("{}.{}", pair.new.name, value.name);
    let fate = if pair.old.closed { "old readers set it aside as unknown" } else { "old readers know no name for it" };
    let text = format!("the value `{object}` = {} is new: {fate}", value.number);
    let say =
        Say::new(&RULE, object, value.place, "value added", text).widened().binary_if(pair.old.closed).json().code().tolerated_if(true);
    context.say(say.of_enum(pair.old_id, pair.new_id).witness(Side::New, json!(&*value.name)));
}
