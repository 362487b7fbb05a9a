//! A file has another package.
//!
//! # What it checks
//!
//! The package of a file differs between the sides.
//!
//! # Why it breaks
//!
//! The package is part of the path of every call (`/package.Service/Method`), of the type URL in `Any`, and of the names of
//! generated code. The types are compared under their new names.
//!
//! # Safe path
//!
//! Serve the new package beside the old one, move the callers, and remove the old package when no call comes in.
//!
//! # Example
//!
//! ```proto
//! -package shop.v1;
//! +package shop.v2;
//! ```

use crate::proto::context::{Context, Say};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-package-changed",
    title: "A file has another package",
    why: "The package is part of the path of every call (`/package.Service/Method`), of the type URL in `Any`, and of the names of generated code. The types are compared under their new names.",
    fix: "Serve the new package beside the old one, move the callers, and remove the old package when no call comes in.",
    answers: &["buf:FILE_SAME_PACKAGE", "confluent-proto:PACKAGE_CHANGED"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>) {
    let (old, new, pairs) = (context.old, context.new, context.pairs);
    for (before, after) in pairs.files.iter().map(|pair| (&old.files[pair.0], &new.files[pair.1])) {
        let (from, to) = (&before.package.text, &after.package.text);
        if from != to {
            let message = format!("the package of `{}` changed from `{from}` to `{to}`: calls and type URLs have other names", after.key);
            let place = crate::source::Place { span: after.package.span, ..after.place };
            context.say(
                Say::new(&RULE, &before.key, place, format!("package {from} -> {to}"), message).changed().binary().json().calls().code(),
            );
        }
    }
}
