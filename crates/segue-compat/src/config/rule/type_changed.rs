//! A value is of another kind.
//!
//! # What it checks
//! A text that became a number, a scalar that became a list or a map, a value that became null, and the other ways
//! round.
//!
//! # Why it breaks
//! Readers with types refuse it; readers without compare and compute with the wrong thing.
//!
//! # Safe path
//! Add a key of the new kind beside the old one, and remove the old one when nobody reads it.
//!
//! # Example
//! ```text
//! old: {ports: 80}
//! new: {ports: [80, 443]}
//! `ports` was a number and is a list
//! ```

use segue_model::check::{Breaks, Side};

use crate::config::context::Context;
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "config-type-changed",
    title: "A value is of another kind",
    why: "Readers with types refuse it; readers without compare and compute with the wrong thing.",
    fix: "Add a key of the new kind beside the old one, and remove the old one when nobody reads it.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (path, old, new) in &context.pairs {
        if std::mem::discriminant(&old.value) == std::mem::discriminant(&new.value) {
            continue;
        }
        let message = format!("`{path}` was {} and is {}", old.value.kind(), new.value.kind());
        let breaks = vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling];
        out.push(Draft::new(&RULE, context.policy, breaks, *path, message).at(Side::New, new.at));
    }
}
