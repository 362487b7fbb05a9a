//! A public name seems to have another spelling.
//!
//! # What it checks
//! A name that is gone and a new one of the same kind, in the same place, with the same form or a like name. The
//! confidence and the evidence are in the message; below 60% they are told of as two.
//!
//! # Why it breaks
//! Callers use the old name, and it is not there.
//!
//! # Safe path
//! Keep the old name as an alias that warns, and say in the change log what it is called now.
//!
//! # Example
//! ```text
//! old: def get_order(id: int) -> Order: ...
//! new: def fetch_order(id: int) -> Order: ...
//! `get_order` seems to be `fetch_order` now
//! ```

use segue_model::check::{Breaks, Side};

use crate::code::context::{Context, Record};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-symbol-renamed",
    title: "A public name seems to have another spelling",
    why: "Callers use the old name, and it is not there.",
    fix: "Keep the old name as an alias that warns, and say in the change log what it is called now.",
    answers: &["griffe:OBJECT_REMOVED"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for one in &context.renamed {
        let (from, to) = (one.from, one.to);
        let message = format!("{} `{from}` seems to be `{to}` now ({}% sure: {})", one.old.what.words(), one.confidence, one.evidence);
        let breaks = vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling];
        out.push(context.draft(&RULE, breaks, from, message, Record::new(from, to)).at(Side::New, one.new.at));
    }
}
