//! A message is new.
//!
//! # What it checks
//!
//! A message of the new side has no partner on the old side.
//!
//! # Why it breaks
//!
//! Nothing that exists breaks. After going back, the old side does not know the message; it cannot open an `Any` that holds
//! it.
//!
//! # Safe path
//!
//! Nothing to do: deploy readers before writers use the message.
//!
//! # Example
//!
//! ```proto
//! +message Voucher { string code = 1; }
//! ```

use std::collections::BTreeSet;

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::proto::context::{Context, Say};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-message-added",
    title: "A message is new",
    why: "Nothing that exists breaks. After going back, the old side does not know the message; it cannot open an `Any` that holds it.",
    fix: "Nothing to do: deploy readers before writers use the message.",
    answers: &["confluent-proto:MESSAGE_ADDED"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>) {
    let (new, pairs) = (context.new, context.pairs);
    let known: BTreeSet<u32> = pairs.messages.values().copied().collect();
    for (id, message) in (0_u32..).zip(&new.messages) {
        if !known.contains(&id) {
            let text = format!("the message `{}` is new", message.name);
            let say = Say::new(&RULE, &*message.name, message.place, "message added", text).widened().code().of(None, id);
            let is_root = context.is_root(Side::New, id);
            context.say(say.binary_if(is_root).json_if(is_root).at_most(Severity::Info));
        }
    }
}
