//! A method seems to have another name.
//!
//! # What it checks
//!
//! A method went and another came with the same request, response and streaming, and there is no other such pair in the
//! service.
//!
//! # Why it breaks
//!
//! The name is part of the path of the call: calls under the old name fail with UNIMPLEMENTED.
//!
//! # Safe path
//!
//! Serve both names until no call comes under the old one.
//!
//! # Example
//!
//! ```proto
//! service Shop {
//! -  rpc Get (GetRequest) returns (Order);
//! +  rpc GetOrder (GetRequest) returns (Order);
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::rule::MethodPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-method-renamed",
    title: "A method seems to have another name",
    why: "The name is part of the path of the call: calls under the old name fail with UNIMPLEMENTED.",
    fix: "Serve both names until no call comes under the old one.",
    answers: &["buf:RPC_NO_DELETE"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &MethodPair<'_>) {
    if pair.old.name != pair.new.name {
        let text = format!("the method `{}` seems to be renamed to `{}`: request and response are the same", pair.object(), pair.new.name);
        let say = Say::new(&RULE, pair.object(), pair.new.place, format!("renamed to {}", pair.new.name), text);
        context.say(say.changed().calls().code());
    }
}
