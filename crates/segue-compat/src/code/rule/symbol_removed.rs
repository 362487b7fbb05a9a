//! A public name is gone.
//!
//! # What it checks
//! A function, class, method, attribute, type or constant that callers could name on the old side and cannot on the
//! new. What looks renamed or moved is told of by those rules. It also says whether the name had been deprecated
//! before.
//!
//! # Why it breaks
//! Every caller of it fails: on import, on the call, or when it is compiled.
//!
//! # Safe path
//! Keep the name as an alias of its replacement, deprecate it for at least one release, and remove it in a major
//! version.
//!
//! # Example
//! ```text
//! old: def send(to): ...
//! new: (nothing)
//! `send` is gone
//! ```

use segue_model::check::{Breaks, Side};

use crate::code::context::{Context, Record};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-symbol-removed",
    title: "A public name is gone",
    why: "Every caller of it fails: on import, on the call, or when it is compiled.",
    fix: "Keep the name as an alias of its replacement, deprecate it for at least one release, and remove it in a major version.",
    answers: &["griffe:OBJECT_REMOVED"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (path, item) in &context.removed {
        let before = if item.deprecated { "; it had been deprecated" } else { ", and nothing had said so before" };
        let message = format!("{} `{path}` is gone{before}", item.what.words());
        let record = Record::new(*path, "");
        let draft = context.draft(&RULE, vec![Breaks::Deploy, Breaks::Rolling], path, message, record);
        out.push(draft.at(Side::Old, item.at));
    }
}
