//! What happens when a parameter is left out has changed.
//!
//! # What it checks
//! The text of a default differs, of a parameter that may be left out on both sides. Values are shown when they are
//! truth values, numbers or short words of a parameter whose name is no secret.
//!
//! # Why it breaks
//! The signature is the same and the behaviour is not: callers that leave it out get another result without an error.
//!
//! # Safe path
//! Let the callers who rely on the old default give it, then change it; or change it under a new name.
//!
//! # Example
//! ```text
//! old: def fetch(url, timeout=30): ...
//! new: def fetch(url, timeout=5): ...
//! the default of `timeout` was 30 and is 5
//! ```

use segue_model::check::{Breaks, Side};
use segue_model::finding::Severity;

use super::{became, value};
use crate::code::context::{Context, Record};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-parameter-default-changed",
    title: "What happens when a parameter is left out has changed",
    why: "The signature is the same and the behaviour is not: callers that leave it out get another result without an error.",
    fix: "Let the callers who rely on the old default give it, then change it; or change it under a new name.",
    answers: &["griffe:PARAMETER_CHANGED_DEFAULT"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for calls in &context.calls {
        for link in &calls.links {
            let (Some(old), Some(new)) = (link.old, link.new) else { continue };
            let (old, new) = (&calls.old.parameters[old], &calls.new.parameters[new]);
            let (Some(before), Some(after)) = (&old.default, &new.default) else { continue };
            // A stub says `...` for whatever the default is.
            if same(before, after) || before == "..." || after == "..." {
                continue;
            }
            let (before, after) = (value(&old.name, before), value(&new.name, after));
            let message = format!("the default of `{}` of `{}` {}", new.name, calls.path, became(&before, &after));
            let object = format!("{}({})", calls.path, new.name);
            let breaks = vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling];
            let record = Record::new(format!("{} = {before}", old.name), format!("{} = {after}", new.name));
            let draft = context.draft(&RULE, breaks, &object, message, record.silent());
            let severity = draft.severity.min(Severity::Medium);
            out.push(draft.severity(severity).at(Side::New, new.at));
        }
    }
}

/// The same value in another spelling of its quotes.
fn same(a: &str, b: &str) -> bool {
    let plain = |text: &str| text.trim_matches(['"', '\'']).to_owned();
    let text = |one: &str| one.starts_with(['"', '\'']);
    a == b || text(a) && text(b) && !a.contains('\\') && !b.contains('\\') && plain(a) == plain(b)
}
