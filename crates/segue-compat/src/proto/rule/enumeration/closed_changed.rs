//! An enum is closed on one side only.
//!
//! # What it checks
//!
//! An enum is closed (proto2, `features.enum_type = CLOSED`) on one side and open on the other.
//!
//! # Why it breaks
//!
//! A closed enum sets numbers that it does not know aside as unknown, so that the field seems not to be set, and refuses
//! them in JSON; an open one keeps them.
//!
//! # Safe path
//!
//! Set `features.enum_type` to what it was.
//!
//! # Example
//!
//! ```proto
//! enum State {
//! -  option features.enum_type = OPEN;
//! +  option features.enum_type = CLOSED;
//! }
//! ```

use segue_model::check::Side;
use serde_json::json;

use crate::proto::context::{Context, Say};
use crate::proto::rule::EnumPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-enum-closed-changed",
    title: "An enum is closed on one side only",
    why: "A closed enum sets numbers that it does not know aside as unknown, so that the field seems not to be set, and refuses them in JSON; an open one keeps them.",
    fix: "Set `features.enum_type` to what it was.",
    answers: &["buf:ENUM_SAME_TYPE"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &EnumPair<'_>) {
    if pair.old.closed == pair.new.closed {
        return;
    }
    let word = |closed: bool| if closed { "closed" } else { "open" };
    let (from, to) = (word(pair.old.closed), word(pair.new.closed));
    let text = format!("the enum `{}` is {to} instead of {from}: a closed one sets numbers that it does not know aside", pair.new.name);
    let say = Say::new(&RULE, &*pair.old.name, pair.new.place, format!("{from} -> {to}"), text).binary().json().code();
    let say = say.of_enum(pair.old_id, pair.new_id);
    // The number 2147483647 is hardly ever declared.
    let number = json!(i32::MAX);
    context.say(if pair.new.closed { say.narrowed().witness(Side::Old, number) } else { say.widened().witness(Side::New, number) });
}
