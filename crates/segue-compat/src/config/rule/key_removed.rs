//! A key is gone.
//!
//! # What it checks
//! Keys, members of lists and whole files that only the old side has; once, at the outermost that is gone. What looks
//! renamed is told of by that rule.
//!
//! # Why it breaks
//! The application that reads it gets nothing, its default, or does not start.
//!
//! # Safe path
//! Remove the key only when no running version reads it any more.
//!
//! # Example
//! ```text
//! old: {timeout: 5, retries: 3}
//! new: {timeout: 5}
//! `retries` is gone
//! ```

use segue_model::check::{Breaks, Side};

use crate::config::context::Context;
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "config-key-removed",
    title: "A key is gone",
    why: "The application that reads it gets nothing, its default, or does not start.",
    fix: "Remove the key only when no running version reads it any more.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (path, entry) in &context.removed {
        let message = format!("`{path}` ({}) is gone", entry.value.kind());
        let draft = Draft::new(&RULE, context.policy, vec![Breaks::Deploy, Breaks::Rolling], *path, message);
        out.push(draft.at(Side::Old, entry.at));
    }
}
