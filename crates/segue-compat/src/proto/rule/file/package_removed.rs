//! A package is gone.
//!
//! # What it checks
//!
//! No file of the new side has a package that files of the old side had, and no file changed from it to another package.
//!
//! # Why it breaks
//!
//! Every type of the package is gone with it, and every call to its services.
//!
//! # Safe path
//!
//! Keep the package and mark what is in it deprecated, until nobody uses it.
//!
//! # Example
//!
//! ```proto
//! // the only file with `package shop.legacy;` is deleted
//! ```

use std::collections::BTreeSet;

use crate::proto::context::{Context, Say};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-package-removed",
    title: "A package is gone",
    why: "Every type of the package is gone with it, and every call to its services.",
    fix: "Keep the package and mark what is in it deprecated, until nobody uses it.",
    answers: &["buf:PACKAGE_NO_DELETE"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>) {
    let (old, new, pairs) = (context.old, context.new, context.pairs);
    let now: BTreeSet<&str> = new.files.iter().map(|file| &*file.package.text).collect();
    let mut seen = BTreeSet::new();
    for file in &old.files {
        let package = &*file.package.text;
        if !package.is_empty() && !now.contains(package) && !pairs.packages.contains_key(package) && seen.insert(package) {
            let place = crate::source::Place { span: file.package.span, ..file.place };
            context.say(Say::gone(&RULE, package, place, "package removed", format!("the package `{package}` is gone")).narrowed().code());
        }
    }
}
