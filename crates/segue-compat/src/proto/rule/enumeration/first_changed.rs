//! Another value of an enum comes first.
//!
//! # What it checks
//!
//! The first value of a closed enum differs; it is what a field means that was not set.
//!
//! # Why it breaks
//!
//! A field that was not set is not written: each side then sees its own first value.
//!
//! # Safe path
//!
//! Keep the first value, best one that says nothing: `STATE_UNSPECIFIED = 0`.
//!
//! # Example
//!
//! ```proto
//! enum State {
//! +  LOST = 2;
//!   NEW = 0;
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::rule::EnumPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-enum-first-value-changed",
    title: "Another value of an enum comes first",
    why: "A field that was not set is not written: each side then sees its own first value.",
    fix: "Keep the first value, best one that says nothing: `STATE_UNSPECIFIED = 0`.",
    answers: &["buf:FIELD_SAME_DEFAULT"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &EnumPair<'_>) {
    let (Some(old), Some(new)) = (pair.old.values.first(), pair.new.values.first()) else { return };
    if old.number == new.number {
        return;
    }
    let text = format!("a field of `{}` that is not set means `{}` instead of `{}`", pair.new.name, new.name, old.name);
    let say = Say::new(&RULE, &*pair.old.name, new.place, format!("first {} -> {}", old.number, new.number), text);
    context.say(say.changed().binary().json().of_enum(pair.old_id, pair.new_id));
}
