//! A value of an enum has another number.
//!
//! # What it checks
//!
//! A name stands on both sides with different numbers.
//!
//! # Why it breaks
//!
//! The wire format holds the number: old data is read as another value, or as none.
//!
//! # Safe path
//!
//! Keep the number. Order values in the file as you like; their numbers stay.
//!
//! # Example
//!
//! ```proto
//! enum State {
//! -  SENT = 1; HELD = 2;
//! +  HELD = 1; SENT = 2;
//! }
//! ```

use std::collections::BTreeMap;

use crate::proto::context::{Context, Say};
use crate::proto::rule::EnumPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-enum-value-number-changed",
    title: "A value of an enum has another number",
    why: "The wire format holds the number: old data is read as another value, or as none.",
    fix: "Keep the number. Order values in the file as you like; their numbers stay.",
    answers: &["buf:ENUM_VALUE_SAME_NAME", "buf:ENUM_VALUE_NO_DELETE"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &EnumPair<'_>) {
    let now: BTreeMap<&str, _> = pair.new.values.iter().map(|value| (&*value.name, value)).collect();
    for old in &pair.old.values {
        let Some(new) = now.get(&*old.name).filter(|value| value.number != old.number) else { continue };
        let object = format!("{}.{}", pair.old.name, old.name);
        let text = format!("the value `{object}` is {} instead of {}", new.number, old.number);
        let say = Say::new(&RULE, object, new.place, format!("number {} -> {}", old.number, new.number), text);
        context.say(say.changed().binary().code().of_enum(pair.old_id, pair.new_id));
    }
}
