//! A reserved number or name is used again.
//!
//! # What it checks
//!
//! A new field has a number or a name that the old message reserved.
//!
//! # Why it breaks
//!
//! The reservation was made because something else had that number or name. Whoever still holds data or code from that time
//! takes the one for the other, without an error.
//!
//! # Safe path
//!
//! Give it the next free number and another name.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  reserved 4;
//! +  int64 weight = 4;
//! }
//! ```

use segue_model::finding::Severity;

use crate::proto::context::{Context, Say};
use crate::proto::rule::MessagePair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-message-reserved-reused",
    title: "A reserved number or name is used again",
    why: "The reservation was made because something else had that number or name. Whoever still holds data or code from that time takes the one for the other, without an error.",
    fix: "Give it the next free number and another name.",
    answers: &["buf:RESERVED_MESSAGE_NO_DELETE"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &MessagePair<'_>) {
    let reserved = &pair.old.reserved;
    for one in &pair.new.fields {
        let what = match (reserved.number(one.number), reserved.name(&one.name)) {
            (true, _) => format!("the number {}", one.number),
            (false, true) => format!("the name `{}`", one.name),
            _ => continue,
        };
        let object = format!("{}.{}", pair.new.name, one.name);
        let text = format!("`{object}` has {what}, which was reserved: data of an earlier time is taken for it");
        context.say(Say::new(&RULE, object, one.place, format!("reserved {what} reused"), text).at_least(Severity::High));
    }
}
