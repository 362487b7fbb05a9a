//! A key is new.
//!
//! # What it checks
//! Keys, members of lists and whole files that only the new side has; once, at the outermost that is new.
//!
//! # Why it breaks
//! A version of the application that needs it does not find it when the old configuration comes back.
//!
//! # Safe path
//! Nothing for the way forward. Give the application a default for it.
//!
//! # Example
//! ```text
//! old: {timeout: 5}
//! new: {timeout: 5, retries: 3}
//! `retries` is new
//! ```

use segue_model::check::{Breaks, Side};
use segue_model::finding::Severity;

use crate::config::context::Context;
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "config-key-added",
    title: "A key is new",
    why: "A version of the application that needs it does not find it when the old configuration comes back.",
    fix: "Nothing for the way forward. Give the application a default for it.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (path, entry) in &context.added {
        let message = format!("`{path}` ({}) is new", entry.value.kind());
        let draft = Draft::new(&RULE, context.policy, vec![Breaks::Rollback, Breaks::Rolling], *path, message);
        let severity = draft.severity.min(Severity::Low);
        out.push(draft.severity(severity).at(Side::New, entry.at));
    }
}
