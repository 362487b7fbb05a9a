//! A way to call is gone, or is new.
//!
//! # What it checks
//! Overloads that only one side has, after those that both sides have and those that changed in place.
//!
//! # Why it breaks
//! Calls of that form fail to type-check or to run.
//!
//! # Safe path
//! Keep the overload and deprecate it.
//!
//! # Example
//! ```text
//! old: @overload
//!      def get(id: int) -> A: ...
//!      @overload
//!      def get(name: str) -> B: ...
//! new: def get(id: int) -> A: ...
//! one way to call `get` is gone
//! ```

use segue_model::check::{Breaks, Side};

use crate::code::call;
use crate::code::context::{Context, Record, additive};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-overload-changed",
    title: "A way to call is gone, or is new",
    why: "Calls of that form fail to type-check or to run.",
    fix: "Keep the overload and deprecate it.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (path, _, side, signature) in &context.overloads {
        let text = call::written(path, signature);
        let (message, breaks, record) = match side {
            Side::Old => {
                (format!("one way to call `{path}` is gone: `{text}`"), vec![Breaks::Deploy, Breaks::Rolling], Record::new(text, ""))
            }
            Side::New => (
                format!("there is a further way to call `{path}`: `{text}`"),
                vec![Breaks::Rollback, Breaks::Rolling],
                Record::new("", text),
            ),
        };
        let draft = context.draft(&RULE, breaks, path, message, record).at(*side, signature.at);
        out.push(if *side == Side::New { additive(draft) } else { draft });
    }
}
