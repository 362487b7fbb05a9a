//! A message is gone.
//!
//! # What it checks
//!
//! A message of the old side has no partner on the new side, neither by name nor by what is in it.
//!
//! # Why it breaks
//!
//! Nobody can read what was written as that message, an `Any` that holds it cannot be opened, and generated code lacks the
//! class.
//!
//! # Safe path
//!
//! Mark the message deprecated, stop writing it, and remove it when no stored or queued value is left.
//!
//! # Example
//!
//! ```proto
//! -message Voucher { string code = 1; }
//! ```

use segue_model::check::Side;

use crate::proto::context::{Context, Say};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-message-removed",
    title: "A message is gone",
    why: "Nobody can read what was written as that message, an `Any` that holds it cannot be opened, and generated code lacks the class.",
    fix: "Mark the message deprecated, stop writing it, and remove it when no stored or queued value is left.",
    answers: &["buf:MESSAGE_NO_DELETE", "buf:PACKAGE_MESSAGE_NO_DELETE", "confluent-proto:MESSAGE_REMOVED"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>) {
    let (old, pairs) = (context.old, context.pairs);
    for (id, message) in (0_u32..).zip(&old.messages) {
        if !pairs.messages.contains_key(&id) {
            let text = format!("the message `{}` is gone", message.name);
            let say = Say::gone(&RULE, &*message.name, message.place, "message removed", text).narrowed().code().of(id, None);
            // Where a field or a method held it, the finding about the field or method says what breaks.
            let is_root = context.is_root(Side::Old, id);
            context.say(say.binary_if(is_root).json_if(is_root));
        }
    }
}
