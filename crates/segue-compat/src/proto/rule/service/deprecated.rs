//! Something is deprecated now, or no longer.
//!
//! # What it checks
//!
//! The option `deprecated` of a message, field, enum, value, service or method differs.
//!
//! # Why it breaks
//!
//! Nothing breaks. Somebody means to remove it.
//!
//! # Safe path
//!
//! Find who uses it.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  string voucher = 4;
//! +  string voucher = 4 [deprecated = true];
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::rule::Rule;
use crate::source::Place;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-deprecated-changed",
    title: "Something is deprecated now, or no longer",
    why: "Nothing breaks. Somebody means to remove it.",
    fix: "Find who uses it.",
    answers: &[],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, object: &str, at: Place, was: bool, is: bool) {
    if was != is {
        let text = format!("`{object}` is {} deprecated", if is { "now" } else { "no longer" });
        context.say(Say::new(&RULE, object, at, format!("deprecated -> {is}"), text));
    }
}
