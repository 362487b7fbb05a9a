//! A function became a generator, or ceased to be.
//!
//! # What it checks
//! `yield` in the body of one side only, where no written type says more.
//!
//! # Why it breaks
//! A generator does nothing until it is walked, and has no length and no index: callers that used the list fail, and
//! callers that ignored the result no longer run it.
//!
//! # Safe path
//! Add the generator under a new name, and let the old function build the list from it.
//!
//! # Example
//! ```text
//! old: def rows(): return [...]
//! new: def rows(): yield ...
//! `rows` gives its values one by one now
//! ```

use segue_model::check::{Breaks, Side};

use crate::code::context::Context;
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-generator-changed",
    title: "A function became a generator, or ceased to be",
    why: "A generator does nothing until it is walked, and has no length and no index: callers that used the list fail, and callers that ignored the result no longer run it.",
    fix: "Add the generator under a new name, and let the old function build the list from it.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for calls in &context.calls {
        if calls.old.yields == calls.new.yields || calls.old.returns.is_some() && calls.new.returns.is_some() {
            continue;
        }
        let message = format!(
            "`{}` {}",
            calls.path,
            if calls.new.yields { "gives its values one by one now" } else { "gives its values at once now" }
        );
        let breaks = vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling];
        out.push(context.draft(&RULE, breaks, calls.path, message, calls.record().silent()).at(Side::New, calls.new.at));
    }
}
