//! A function became asynchronous, or ceased to be.
//!
//! # What it checks
//! `async` on one side only. In TypeScript a declared `Promise` on both sides is the same.
//!
//! # Why it breaks
//! The call gives a promise in place of the value: callers that do not await it go on with the wrong thing, often
//! without an error.
//!
//! # Safe path
//! Add the asynchronous form under a new name, and keep the other.
//!
//! # Example
//! ```text
//! old: def load(id): ...
//! new: async def load(id): ...
//! `load` gives an awaitable now
//! ```

use segue_model::check::{Breaks, Side};

use crate::code::context::Context;
use crate::code::model::{Language, Signature};
use crate::code::typing::Type;
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-async-changed",
    title: "A function became asynchronous, or ceased to be",
    why: "The call gives a promise in place of the value: callers that do not await it go on with the wrong thing, often without an error.",
    fix: "Add the asynchronous form under a new name, and keep the other.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for calls in &context.calls {
        let waits = |signature: &Signature| match &signature.returns {
            Some(Type::Named(name, _)) if context.language == Language::TypeScript => name == "Promise",
            _ => signature.is_async,
        };
        let (old, new) = (waits(calls.old), waits(calls.new));
        if old == new {
            continue;
        }
        let message = format!(
            "`{}` {}",
            calls.path,
            if new { "gives an awaitable now, no longer the value" } else { "gives the value now, no longer an awaitable" }
        );
        let breaks = vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling];
        out.push(context.draft(&RULE, breaks, calls.path, message, calls.record().silent()).at(Side::New, calls.new.at));
    }
}
