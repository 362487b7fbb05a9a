//! A member of an enumeration has another value.
//!
//! # What it checks
//! Members that both sides have, whose literal values differ. Members without a value in TypeScript are numbered, so
//! one that is put before others changes theirs.
//!
//! # Why it breaks
//! What was stored or sent by the old value is read as something else, or not at all.
//!
//! # Safe path
//! Write the values out, and put new members behind the others.
//!
//! # Example
//! ```text
//! old: enum Level { Low, High }
//! new: enum Level { Low, Middle, High }
//! `Level.High` was 1 and is 2
//! ```

use segue_model::check::{Breaks, Side};

use super::{became, value};
use crate::code::context::{Context, Record};
use crate::code::model::What;
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-enum-value-changed",
    title: "A member of an enumeration has another value",
    why: "What was stored or sent by the old value is read as something else, or not at all.",
    fix: "Write the values out, and put new members behind the others.",
    answers: &["griffe:ATTRIBUTE_CHANGED_VALUE"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in &context.pairs {
        let (What::Member(Some(old)), What::Member(Some(new))) = (&pair.old.what, &pair.new.what) else { continue };
        if old.trim_matches(['"', '\'']) == new.trim_matches(['"', '\'']) {
            continue;
        }
        let (before, after) = (value(pair.path, old), value(pair.path, new));
        let message = format!("`{}` {}", pair.path, became(&before, &after));
        let breaks = vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling];
        out.push(context.draft(&RULE, breaks, pair.path, message, Record::new(before, after).silent()).at(Side::New, pair.new.at));
    }
}
