//! A key seems to have another name.
//!
//! # What it checks
//! A key that is gone and a new one with the same value in the same place, with a like name, or with the same name and
//! value in another place. The confidence and the evidence are in the message.
//!
//! # Why it breaks
//! Each version of the application reads one of the two names.
//!
//! # Safe path
//! Keep both names until every version reads the new one.
//!
//! # Example
//! ```text
//! old: {db_host: a.example}
//! new: {database_host: a.example}
//! `db_host` seems to be `database_host` now
//! ```

use segue_model::check::{Breaks, Side};

use crate::config::context::Context;
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "config-key-renamed",
    title: "A key seems to have another name",
    why: "Each version of the application reads one of the two names.",
    fix: "Keep both names until every version reads the new one.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for one in &context.renamed {
        let (from, to) = (one.from.0, one.to.0);
        let message = format!("`{from}` seems to be `{to}` now ({}% sure: {})", one.confidence, one.evidence);
        let breaks = vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling];
        out.push(Draft::new(&RULE, context.policy, breaks, from, message).at(Side::New, one.to.1.at));
    }
}
