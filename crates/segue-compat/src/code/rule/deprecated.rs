//! A public name is announced to go.
//!
//! # What it checks
//! A decorator, a `DeprecationWarning`, `.. deprecated::` or `@deprecated` that only the new side has.
//!
//! # Why it breaks
//! It breaks nothing yet. Callers should know before it does.
//!
//! # Safe path
//! Say what to use instead and in which version the name will go.
//!
//! # Example
//! ```text
//! old: def send(to): ...
//! new: @deprecated("use post")
//!      def send(to): ...
//! `send` is deprecated now
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::code::context::{Context, Record};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-deprecated",
    title: "A public name is announced to go",
    why: "It breaks nothing yet. Callers should know before it does.",
    fix: "Say what to use instead and in which version the name will go.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in context.pairs.iter().filter(|pair| pair.old.deprecated != pair.new.deprecated) {
        let (words, severity) =
            if pair.new.deprecated { ("is deprecated now", Severity::Low) } else { ("is no longer deprecated", Severity::Info) };
        let show = |deprecated: bool| if deprecated { "deprecated" } else { "in use" };
        let record = Record::new(show(pair.old.deprecated), show(pair.new.deprecated));
        let draft = context.draft(&RULE, Vec::new(), pair.path, format!("`{}` {words}", pair.path), record);
        out.push(draft.severity(severity).at(Side::New, pair.new.at));
    }
}
