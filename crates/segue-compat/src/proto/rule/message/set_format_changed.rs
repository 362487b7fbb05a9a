//! A message changes to or from the format of message sets.
//!
//! # What it checks
//!
//! The option `message_set_wire_format` of a message differs.
//!
//! # Why it breaks
//!
//! A message set is written in another form; neither side reads the other.
//!
//! # Safe path
//!
//! Leave the option; declare a new message for the other form.
//!
//! # Example
//!
//! ```proto
//! message Extras {
//! -  option message_set_wire_format = true;
//!   extensions 4 to max;
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::rule::MessagePair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-message-set-format-changed",
    title: "A message changes to or from the format of message sets",
    why: "A message set is written in another form; neither side reads the other.",
    fix: "Leave the option; declare a new message for the other form.",
    answers: &["buf:MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &MessagePair<'_>) {
    if pair.old.set_format != pair.new.set_format {
        let text = format!("`message_set_wire_format` of `{}` changed to {}", pair.new.name, pair.new.set_format);
        let change = format!("message_set_wire_format -> {}", pair.new.set_format);
        context.say(Say::new(&RULE, &*pair.old.name, pair.new.place, change, text).changed().binary().code().of(pair.old_id, pair.new_id));
    }
}
