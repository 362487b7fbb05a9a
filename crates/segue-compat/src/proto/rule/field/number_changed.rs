//! A field has another number.
//!
//! # What it checks
//!
//! A field of the same name stands on both sides with different numbers.
//!
//! # Why it breaks
//!
//! The wire format knows only numbers: what was written under the old one is unknown to the new reader, or taken for
//! another field.
//!
//! # Safe path
//!
//! Keep the number. To change the type, add a field with a new name and a new number.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  string note = 4;
//! +  string note = 5;
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::model::Field;
use crate::proto::rule::MessagePair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-field-number-changed",
    title: "A field has another number",
    why: "The wire format knows only numbers: what was written under the old one is unknown to the new reader, or taken for another field.",
    fix: "Keep the number. To change the type, add a field with a new name and a new number.",
    answers: &["buf:FIELD_NO_DELETE", "buf:FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", "buf:FIELD_SAME_NAME"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &MessagePair<'_>, old: &Field, new: &Field) {
    let object = format!("{}.{}", pair.old.name, old.name);
    let text = format!("the field `{object}` has the number {} instead of {}", new.number, old.number);
    let change = format!("number {} -> {}", old.number, new.number);
    context.say(Say::new(&RULE, object, new.place, change, text).changed().binary().code().of(pair.old_id, pair.new_id));
}
