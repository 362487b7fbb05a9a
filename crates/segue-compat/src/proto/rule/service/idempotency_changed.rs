//! A method promises something else about being called twice.
//!
//! # What it checks
//!
//! The option `idempotency_level` of a method differs.
//!
//! # Why it breaks
//!
//! Clients repeat calls that are idempotent, and send those without side effects as GET: a server that no longer allows it
//! refuses them or does the work twice. Without the promise they only do less.
//!
//! # Safe path
//!
//! Withdraw the promise only when no client repeats or caches the call any more.
//!
//! # Example
//!
//! ```proto
//! rpc Get (GetRequest) returns (Order) {
//! -  option idempotency_level = NO_SIDE_EFFECTS;
//! }
//! ```

use crate::policy::Relation;
use crate::proto::context::{Context, Say};
use crate::proto::rule::MethodPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-method-idempotency-changed",
    title: "A method promises something else about being called twice",
    why: "Clients repeat calls that are idempotent, and send those without side effects as GET: a server that no longer allows it refuses them or does the work twice. Without the promise they only do less.",
    fix: "Withdraw the promise only when no client repeats or caches the call any more.",
    answers: &["buf:RPC_SAME_IDEMPOTENCY_LEVEL"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &MethodPair<'_>) {
    let (old, new) = (&*pair.old.idempotency, &*pair.new.idempotency);
    if old == new {
        return;
    }
    let rank = |level: &str| match level {
        "NO_SIDE_EFFECTS" => 2,
        "IDEMPOTENT" => 1,
        _ => 0,
    };
    let relation = if rank(new) < rank(old) { Relation::Narrowed } else { Relation::Widened };
    let text = format!("`{}` promises {new} instead of {old}", pair.object());
    let say = Say::new(&RULE, pair.object(), pair.new.place, format!("idempotency {old} -> {new}"), text);
    context.say(say.relation(relation).calls().code());
}
