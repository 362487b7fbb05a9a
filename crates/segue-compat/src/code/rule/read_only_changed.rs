//! An attribute can no longer be set, or can be now.
//!
//! # What it checks
//! `readonly`, a property that lost its setter, `Final`; for values that both sides have. Instance and static
//! attributes that changed places count too.
//!
//! # Why it breaks
//! Callers that set it fail.
//!
//! # Safe path
//! Keep the setter and let it warn.
//!
//! # Example
//! ```text
//! old: @total.setter
//! new: (no setter)
//! `Order.total` can no longer be set
//! ```

use segue_model::check::{Breaks, Side};

use crate::code::context::{Context, Record, additive};
use crate::code::model::{Language, What};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-read-only-changed",
    title: "An attribute can no longer be set, or can be now",
    why: "Callers that set it fail.",
    fix: "Keep the setter and let it warn.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in &context.pairs {
        let (What::Attribute(old), What::Attribute(new)) = (&pair.old.what, &pair.new.what) else { continue };
        if old.read_only != new.read_only {
            let (words, breaks) = if new.read_only {
                ("can no longer be set", vec![Breaks::Deploy, Breaks::Rolling])
            } else {
                ("can be set now", vec![Breaks::Rollback, Breaks::Rolling])
            };
            let message = format!("`{}` {words}", pair.path);
            let show = |read_only: bool| if read_only { "read only" } else { "can be set" };
            let draft = context
                .draft(&RULE, breaks, pair.path, message, Record::new(show(old.read_only), show(new.read_only)))
                .at(Side::New, pair.new.at);
            out.push(if new.read_only { draft } else { additive(draft) });
        }
        if old.is_static != new.is_static && context.language == Language::TypeScript {
            let show = |is_static: bool| if is_static { "of the class" } else { "of instances" };
            let message = format!("`{}` was {} and is {}", pair.path, show(old.is_static), show(new.is_static));
            let breaks = vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling];
            out.push(
                context
                    .draft(&RULE, breaks, pair.path, message, Record::new(show(old.is_static), show(new.is_static)))
                    .at(Side::New, pair.new.at),
            );
        }
    }
}
