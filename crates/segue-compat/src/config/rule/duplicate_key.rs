//! A key stands twice.
//!
//! # What it checks
//! Keys that stand twice in one map or file on the new side and did not on the old.
//!
//! # Why it breaks
//! Most readers take the last and say nothing, some take the first, some refuse the file.
//!
//! # Safe path
//! Keep one of them.
//!
//! # Example
//! ```text
//! new: A=1
//!      A=2
//! `A` stands twice
//! ```

use std::collections::{BTreeMap, BTreeSet};

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::config::context::Context;
use crate::config::entry::Listing;
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "config-duplicate-key",
    title: "A key stands twice",
    why: "Most readers take the last and say nothing, some take the first, some refuse the file.",
    fix: "Keep one of them.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    let count = |listing: &Listing| {
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for (path, _) in &listing.twice {
            *count.entry(path.clone()).or_default() += 1;
        }
        count
    };
    let (before, after) = (count(context.old), count(context.new));
    let mut told = BTreeSet::new();
    for (path, at) in &context.new.twice {
        if after.get(path) > before.get(path) && told.insert(path) {
            let message = format!("`{path}` stands twice; the last one counts for most readers");
            out.push(Draft::new(&RULE, context.policy, Vec::new(), path.as_str(), message).severity(Severity::Medium).at(Side::New, *at));
        }
    }
}
