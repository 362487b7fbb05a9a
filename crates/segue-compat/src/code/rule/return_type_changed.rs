//! A function gives other values.
//!
//! # What it checks
//! The written type of the result on both sides. Where a side writes none, what its `return` statements show (`{...}`,
//! `[...]`, a text, a call of a class) stands for it. `dict` that became an object is such a change.
//!
//! # Why it breaks
//! Callers use the result as what it was: `result["id"]` fails on an object.
//!
//! # Safe path
//! Return a value that is both for a while, or give the new result a new function and convert in the old one.
//!
//! # Example
//! ```text
//! old: def load(id) -> dict: ...
//! new: def load(id) -> Order: ...
//! `load` gives an Order now, no longer a dict
//! ```

use segue_model::check::Side;

use crate::code::context::{Context, Record};
use crate::code::model::Signature;
use crate::code::typing::Type;
use crate::draft::Drafts;
use crate::policy::{Relation, Role};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-return-type-changed",
    title: "A function gives other values",
    why: "Callers use the result as what it was: `result[\"id\"]` fails on an object.",
    fix: "Return a value that is both for a while, or give the new result a new function and convert in the old one.",
    answers: &["griffe:RETURN_CHANGED_TYPE"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for calls in context.calls.iter().chain(&context.results) {
        let of =
            |signature: &'_ Signature| signature.returns.clone().or_else(|| signature.seen_returns.clone().filter(|_| !signature.yields));
        let (Some(before), Some(after)) = (of(calls.old), of(calls.new)) else { continue };
        let relation = context.types.relate_given(&before, &after);
        // A promise on one side only has its own rule.
        let promise = |one: &Type| matches!(one, Type::Named(name, _) if name == "Promise");
        if relation == Relation::Equal || promise(&before) != promise(&after) {
            continue;
        }
        let written = calls.old.returns.is_some() == calls.new.returns.is_some();
        let seen = if written { "" } else { ", as far as its text shows" };
        let message = format!("`{}` {} (was `{}`, is `{}`){seen}", calls.path, words(relation), before.shown(), after.shown());
        let draft = context.draft(&RULE, Vec::new(), calls.path, message, Record::new(before.shown(), after.shown()));
        out.push(context.judged(draft, Role::Response, relation).at(Side::New, calls.new.at));
    }
}

fn words(relation: Relation) -> &'static str {
    match relation {
        Relation::Narrowed => "gives fewer values",
        Relation::Widened => "gives more values",
        Relation::Changed => "gives other values",
        _ => "gives something of another type, and whether it fits could not be decided",
    }
}
