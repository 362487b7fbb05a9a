//! A service is new.
//!
//! # What it checks
//!
//! A service of the new side has no partner on the old side.
//!
//! # Why it breaks
//!
//! Nothing that exists breaks. After going back, new clients that call it fail.
//!
//! # Safe path
//!
//! Deploy servers before clients.
//!
//! # Example
//!
//! ```proto
//! +service Vouchers { rpc Redeem (RedeemRequest) returns (RedeemResponse); }
//! ```

use std::collections::BTreeSet;

use segue_model::finding::Severity;

use crate::proto::context::{Context, Say};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-service-added",
    title: "A service is new",
    why: "Nothing that exists breaks. After going back, new clients that call it fail.",
    fix: "Deploy servers before clients.",
    answers: &[],
};

pub(in crate::proto) fn check(context: &mut Context<'_>) {
    let (new, pairs) = (context.new, context.pairs);
    let known: BTreeSet<usize> = pairs.services.values().copied().collect();
    for (_, service) in new.services.iter().enumerate().filter(|(at, _)| !known.contains(at)) {
        let text = format!("the service `{}` is new", service.name);
        let say = Say::new(&RULE, &*service.name, service.place, "service added", text).widened().calls().code();
        context.say(say.at_most(Severity::Info));
    }
}
