//! A reservation of a number or name is gone.
//!
//! # What it checks
//!
//! A number or name that the old enum reserved is neither reserved nor used on the new side.
//!
//! # Why it breaks
//!
//! The reservation kept a number from getting a second meaning. Without it a later value can take the number, and old data
//! is then misread without an error.
//!
//! # Safe path
//!
//! Put the reservation back. It costs nothing.
//!
//! # Example
//!
//! ```proto
//! enum Order {
//! -  reserved 4;
//! -  reserved "voucher";
//! }
//! ```

use segue_model::finding::Severity;

use crate::proto::context::{Context, Say};
use crate::proto::rule::EnumPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-enum-reserved-removed",
    title: "A reservation of a number or name is gone",
    why: "The reservation kept a number from getting a second meaning. Without it a later value can take the number, and old data is then misread without an error.",
    fix: "Put the reservation back. It costs nothing.",
    answers: &["buf:RESERVED_ENUM_NO_DELETE"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &EnumPair<'_>) {
    let members = &pair.new.values;
    let used = members.iter().map(|one| one.number).collect();
    let used_names = members.iter().map(|one| &*one.name).collect();
    let gone = pair.old.reserved.given_up(&pair.new.reserved, &used, &used_names);
    if gone.is_empty() {
        return;
    }
    let text = format!("`{}` no longer reserves {gone}: a later value can give old data another meaning", pair.new.name);
    context.say(Say::new(&RULE, &*pair.old.name, pair.new.place, format!("reserved {gone} removed"), text).at_least(Severity::Medium));
}
