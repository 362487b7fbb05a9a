//! A file is written in another version of the language.
//!
//! # What it checks
//!
//! The `syntax` or `edition` of a file differs.
//!
//! # Why it breaks
//!
//! proto2, proto3 and each edition have other defaults: presence, closed enums, packing, checks of UTF-8, JSON. What really
//! changes in a field or an enum is told there; what is left is generated code and reflection.
//!
//! # Safe path
//!
//! Set the features that keep the old behaviour when you change the syntax; Google's migration tool for editions writes
//! them.
//!
//! # Example
//!
//! ```proto
//! -syntax = "proto2";
//! +edition = "2023";
//! ```

use crate::proto::context::{Context, Say};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-syntax-changed",
    title: "A file is written in another version of the language",
    why: "proto2, proto3 and each edition have other defaults: presence, closed enums, packing, checks of UTF-8, JSON. What really changes in a field or an enum is told there; what is left is generated code and reflection.",
    fix: "Set the features that keep the old behaviour when you change the syntax; Google's migration tool for editions writes them.",
    answers: &["buf:FILE_SAME_SYNTAX"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>) {
    let (old, new, pairs) = (context.old, context.new, context.pairs);
    for (before, after) in pairs.files.iter().map(|pair| (&old.files[pair.0], &new.files[pair.1])) {
        if before.syntax != after.syntax {
            let (from, to) = (before.syntax.shown(), after.syntax.shown());
            let message = format!("`{}` is written in {to} instead of {from}", after.key);
            context.say(Say::new(&RULE, &before.key, after.place, format!("syntax {from} -> {to}"), message).changed().code());
        }
    }
}
