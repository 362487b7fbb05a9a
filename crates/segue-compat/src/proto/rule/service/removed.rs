//! A service is gone.
//!
//! # What it checks
//!
//! A service of the old side has no partner on the new side, neither by name nor by its methods.
//!
//! # Why it breaks
//!
//! Every call to it fails with UNIMPLEMENTED.
//!
//! # Safe path
//!
//! Mark the service deprecated, move the callers, and remove it when no call comes in.
//!
//! # Example
//!
//! ```proto
//! -service Vouchers { rpc Redeem (RedeemRequest) returns (RedeemResponse); }
//! ```

use crate::proto::context::{Context, Say};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-service-removed",
    title: "A service is gone",
    why: "Every call to it fails with UNIMPLEMENTED.",
    fix: "Mark the service deprecated, move the callers, and remove it when no call comes in.",
    answers: &["buf:SERVICE_NO_DELETE", "buf:PACKAGE_SERVICE_NO_DELETE"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>) {
    let (old, pairs) = (context.old, context.pairs);
    for (at, service) in old.services.iter().enumerate() {
        if !pairs.services.contains_key(&at) {
            let text = format!("the service `{}` is gone (methods: {})", service.name, service.methods.len());
            context.say(Say::gone(&RULE, &*service.name, service.place, "service removed", text).narrowed().calls().code());
        }
    }
}
