//! A value names a variable that is gone.
//!
//! # What it checks
//! `${NAME}` without a default in a value, where the other side sets `NAME` in a `.env` file or as a key of that name,
//! and this side does not.
//!
//! # Why it breaks
//! It becomes an empty text, or the start fails.
//!
//! # Safe path
//! Set the variable, give the reference a default (`${NAME:-value}`), or take the reference out.
//!
//! # Example
//! ```text
//! old: HOST=a
//!      URL=http://${HOST}/
//! new: URL=http://${HOST}/
//! `URL` names `HOST`, which is gone
//! ```

use std::collections::BTreeSet;

use segue_model::check::{Breaks, Side};
use segue_model::finding::Severity;

use crate::config::Format;
use crate::config::context::Context;
use crate::config::entry::{Listing, Value};
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "config-reference-gone",
    title: "A value names a variable that is gone",
    why: "It becomes an empty text, or the start fails.",
    fix: "Set the variable, give the reference a default (`${NAME:-value}`), or take the reference out.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    let (before, after) = (defined(context.old), defined(context.new));
    for (this, other, names, side) in [(&after, &before, context.new, Side::New), (&before, &after, context.old, Side::Old)] {
        for (path, entry) in &names.entries {
            let Value::Text(text) = &entry.value else { continue };
            for name in references(text).into_iter().filter(|name| !this.contains(name) && other.contains(name)) {
                let (message, breaks) = match side {
                    Side::New => (format!("`{path}` names the variable `{name}`, which is gone"), vec![Breaks::Deploy, Breaks::Rolling]),
                    Side::Old => (
                        format!("`{path}` of the old side names the variable `{name}`, which only the new side sets"),
                        vec![Breaks::Rollback, Breaks::Rolling],
                    ),
                };
                let draft = Draft::new(&RULE, context.policy, breaks, format!("{path} ${name}"), message);
                let severity = if side == Side::Old { draft.severity.min(Severity::Low) } else { draft.severity };
                out.push(draft.severity(severity).at(side, entry.at));
            }
        }
    }
}

fn defined(listing: &Listing) -> BTreeSet<&str> {
    listing
        .entries
        .iter()
        .filter(|(_, entry)| entry.format == Some(Format::Env))
        .map(|(path, _)| path.rsplit(": ").next().unwrap_or(path))
        .collect()
}

/// The names of `${NAME}` in a text, without those that have a default.
fn references(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for part in text.split("${").skip(1).take(64) {
        let Some((name, _)) = part.split_once('}') else { continue };
        if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            found.push(name);
        }
    }
    found
}
