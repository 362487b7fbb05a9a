//! A method is bound to something else.
//!
//! # What it checks
//! A method of instances that is static or a class method now, or the other way round.
//!
//! # Why it breaks
//! Callers reach it through the class or through an instance, and one of these ways ends: `Mail.send(x)` on a method of
//! instances takes `x` for the instance.
//!
//! # Safe path
//! Keep a method of the old kind that calls the new one.
//!
//! # Example
//! ```text
//! old: @staticmethod
//!      def parse(text): ...
//! new: def parse(self, text): ...
//! `Order.parse` was a static method and is a method of instances
//! ```

use segue_model::check::{Breaks, Side};

use crate::code::context::{Context, Record};
use crate::code::model::{Binding, Language};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-binding-changed",
    title: "A method is bound to something else",
    why: "Callers reach it through the class or through an instance, and one of these ways ends: `Mail.send(x)` on a method of instances takes `x` for the instance.",
    fix: "Keep a method of the old kind that calls the new one.",
    answers: &["griffe:OBJECT_CHANGED_KIND"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for calls in &context.calls {
        let (old, new) = (calls.callables.0.binding, calls.callables.1.binding);
        if old == new {
            continue;
        }
        let message = format!("`{}` was {} and is {}", calls.path, old.words(), new.words());
        // In Python an instance reaches static and class methods as well; only the way through the class ends.
        let by_instance = |one: Binding| one == Binding::Instance;
        let breaks = match (context.language, by_instance(old), by_instance(new)) {
            (Language::Python, false, true) => vec![Breaks::Deploy, Breaks::Rolling],
            (Language::Python, true, false) => vec![Breaks::Rollback, Breaks::Rolling],
            (Language::Python, false, false) => Vec::new(),
            _ => vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling],
        };
        out.push(context.draft(&RULE, breaks, calls.path, message, Record::new(old.words(), new.words())).at(Side::New, calls.new.at));
    }
}
