//! Whoever builds on a class must write a method now, or no longer.
//!
//! # What it checks
//! A method that is abstract on one side only, new ones included.
//!
//! # Why it breaks
//! Classes that callers built on the old side cannot be made: they lack the method.
//!
//! # Safe path
//! Give the method a body that does what was done before.
//!
//! # Example
//! ```text
//! old: class Store(ABC): ...
//! new: class Store(ABC):
//!          @abstractmethod
//!          def close(self): ...
//! who builds on `Store` must write `close` now
//! ```

use segue_model::check::{Breaks, Side};

use crate::code::context::{Context, Record, additive};
use crate::code::model::{Item, Surface, What, last, owner};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-abstract-changed",
    title: "Whoever builds on a class must write a method now, or no longer",
    why: "Classes that callers built on the old side cannot be made: they lack the method.",
    fix: "Give the method a body that does what was done before.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    let is_abstract = |item: &Item| matches!(&item.what, What::Callable(one) if one.is_abstract) && !item.inherited;
    let known = |surface: &Surface, path: &str| owner(path).is_some_and(|owner| surface.class(owner).is_some());
    for (path, item) in context.new.items.iter().filter(|(_, item)| is_abstract(item)) {
        let before = context.old.items.get(path);
        if known(context.old, path) && !before.is_some_and(is_abstract) {
            let message = format!("who builds on `{}` must write `{}` now", owner(path).unwrap_or_default(), last(path));
            let draft = context.draft(&RULE, vec![Breaks::Deploy, Breaks::Rolling], path, message, Record::new("", path.as_str()));
            out.push(draft.at(Side::New, item.at));
        }
    }
    for (path, item) in context.old.items.iter().filter(|(_, item)| is_abstract(item)) {
        let after = context.new.items.get(path);
        if known(context.new, path) && !after.is_some_and(is_abstract) {
            let message = format!("who builds on `{}` need not write `{}` any more", owner(path).unwrap_or_default(), last(path));
            let draft = context.draft(&RULE, vec![Breaks::Rollback, Breaks::Rolling], path, message, Record::new(path.as_str(), ""));
            out.push(additive(draft).at(Side::Old, item.at));
        }
    }
}
