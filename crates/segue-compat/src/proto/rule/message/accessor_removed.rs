//! A message gives up its accessor of descriptors.
//!
//! # What it checks
//!
//! The option `no_standard_descriptor_accessor` of a message was not set and now is, or the other way round.
//!
//! # Why it breaks
//!
//! Generated code of some languages lacks `descriptor()`; callers of it no longer compile.
//!
//! # Safe path
//!
//! Leave the option unset.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! +  option no_standard_descriptor_accessor = true;
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::rule::MessagePair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-message-accessor-removed",
    title: "A message gives up its accessor of descriptors",
    why: "Generated code of some languages lacks `descriptor()`; callers of it no longer compile.",
    fix: "Leave the option unset.",
    answers: &["buf:MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &MessagePair<'_>) {
    if pair.old.no_accessor != pair.new.no_accessor {
        let text = format!("`no_standard_descriptor_accessor` of `{}` changed to {}", pair.new.name, pair.new.no_accessor);
        let say = Say::new(&RULE, &*pair.old.name, pair.new.place, format!("no accessor -> {}", pair.new.no_accessor), text).code();
        context.say(if pair.new.no_accessor { say.narrowed() } else { say.widened() });
    }
}
