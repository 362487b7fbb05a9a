//! A reserved number or name is used again.
//!
//! # What it checks
//!
//! A new value has a number or a name that the old enum reserved.
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
//! enum Order {
//! -  reserved 4;
//! +  LOST = 4;
//! }
//! ```

use segue_model::finding::Severity;

use crate::proto::context::{Context, Say};
use crate::proto::rule::EnumPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-enum-reserved-reused",
    title: "A reserved number or name is used again",
    why: "The reservation was made because something else had that number or name. Whoever still holds data or code from that time takes the one for the other, without an error.",
    fix: "Give it the next free number and another name.",
    answers: &["buf:RESERVED_ENUM_NO_DELETE"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &EnumPair<'_>) {
    let reserved = &pair.old.reserved;
    for one in &pair.new.values {
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
