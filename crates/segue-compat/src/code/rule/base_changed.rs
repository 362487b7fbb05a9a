//! A class no longer builds on another, or builds on one more.
//!
//! # What it checks
//! Base classes and interfaces that only one side names.
//!
//! # Why it breaks
//! Callers hand instances on where the base is asked for, catch exceptions by it, and use what came from it.
//!
//! # Safe path
//! Keep the base, even when it is empty.
//!
//! # Example
//! ```text
//! old: class NotFound(ShopError): ...
//! new: class NotFound(Exception): ...
//! `NotFound` is no longer a ShopError
//! ```

use std::collections::BTreeSet;

use segue_model::check::{Breaks, Side};

use crate::code::context::{Context, Record, additive};
use crate::code::model::{Class, What, last};
use crate::code::typing::relate::World;
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-base-changed",
    title: "A class no longer builds on another, or builds on one more",
    why: "Callers hand instances on where the base is asked for, catch exceptions by it, and use what came from it.",
    fix: "Keep the base, even when it is empty.",
    answers: &["griffe:CLASS_REMOVED_BASE"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in &context.pairs {
        let (What::Class(old), What::Class(new)) = (&pair.old.what, &pair.new.what) else { continue };
        let renamed =
            |base: &str| context.renamed.iter().chain(&context.moved).any(|one| last(one.from) == last(base) || last(one.to) == last(base));
        // What every class is, and what is a way to write a class, is no base.
        let counts =
            |base: &str| !matches!(last(base), "object" | "ABC" | "Generic" | "Protocol" | "TypedDict" | "NamedTuple") && !renamed(base);
        let above = (ancestors(&context.types.old, old), ancestors(&context.types.new, new));
        for base in old.bases.iter().filter(|base| !above.1.contains(last(base)) && counts(base)) {
            let message = format!("`{}` no longer builds on `{base}`", pair.path);
            let draft = context.draft(
                &RULE,
                vec![Breaks::Deploy, Breaks::Rolling],
                pair.path,
                message,
                Record::new(base.as_str(), new.bases.join(", ")),
            );
            out.push(draft.at(Side::Old, pair.old.at));
        }
        for base in new.bases.iter().filter(|base| !above.0.contains(last(base)) && counts(base)) {
            let message = format!("`{}` builds on `{base}` now", pair.path);
            let draft = context.draft(
                &RULE,
                vec![Breaks::Rollback, Breaks::Rolling],
                pair.path,
                message,
                Record::new(old.bases.join(", "), base.as_str()),
            );
            out.push(additive(draft).at(Side::New, pair.new.at));
        }
    }
}

/// The names of everything that a class builds on, as far as its side shows it.
fn ancestors(world: &World<'_>, class: &Class) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<String> = class.bases.iter().map(|base| last(base).to_owned()).collect();
    while let Some(name) = open.pop() {
        if found.len() < 64
            && found.insert(name.clone())
            && let Some((_, What::Class(class))) = world.find(&name)
        {
            open.extend(class.bases.iter().map(|base| last(base).to_owned()));
        }
    }
    found
}
