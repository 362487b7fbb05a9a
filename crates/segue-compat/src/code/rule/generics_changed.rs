//! A name takes other type parameters.
//!
//! # What it checks
//! How many type parameters a class, interface, type or function has, how many of them must be given, and what they
//! must extend.
//!
//! # Why it breaks
//! Code that writes them out no longer compiles.
//!
//! # Safe path
//! Give a new type parameter a default, and put it behind the others.
//!
//! # Example
//! ```text
//! old: interface Page<T> {}
//! new: interface Page<T, C> {}
//! `Page` needs 2 type parameters now
//! ```

use segue_model::check::{Breaks, Side};
use segue_model::finding::Severity;

use crate::code::context::{Context, Record};
use crate::code::model::{Generic, What};
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-generics-changed",
    title: "A name takes other type parameters",
    why: "Code that writes them out no longer compiles.",
    fix: "Give a new type parameter a default, and put it behind the others.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in &context.pairs {
        let (old, new) = (generics(&pair.old.what), generics(&pair.new.what));
        if old == new {
            continue;
        }
        // A function's are found by the compiler when none is written.
        let least =
            |all: &[Generic]| if matches!(pair.new.what, What::Callable(_)) { 0 } else { all.iter().filter(|one| !one.optional).count() };
        let takes = |all: &[Generic], count: usize| count >= least(all) && count <= all.len();
        let lost = |one: &[Generic], other: &[Generic]| (0..=one.len()).any(|count| takes(one, count) && !takes(other, count));
        let mut breaks = Vec::new();
        if lost(old, new) {
            breaks.extend([Breaks::Deploy, Breaks::Rolling]);
        }
        if lost(new, old) {
            breaks.extend([Breaks::Rollback, Breaks::Rolling]);
        }
        let bounds = old.iter().zip(new).any(|(a, b)| a.constraint != b.constraint);
        let message = if bounds {
            format!("a type parameter of `{}` must extend something else now", pair.path)
        } else {
            format!("`{}` takes {} to {} type parameters now, {} to {} before", pair.path, least(new), new.len(), least(old), old.len())
        };
        let mut draft = context.draft(&RULE, breaks, pair.path, message, Record::new(old.len().to_string(), new.len().to_string()));
        if bounds {
            draft.undecided = true;
            draft.severity = draft.severity.max(Severity::Medium);
        }
        out.push(draft.at(Side::New, pair.new.at));
    }
}

fn generics(what: &What) -> &[Generic] {
    match what {
        What::Class(class) => &class.generics,
        What::Alias(_, generics) => generics,
        What::Callable(callable) => callable.signatures.first().map_or(&[], |signature| &signature.generics),
        _ => &[],
    }
}
