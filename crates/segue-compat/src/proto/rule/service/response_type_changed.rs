//! A method has another response.
//!
//! # What it checks
//!
//! The message that a method gives is another one, and not the same under another name.
//!
//! # Why it breaks
//!
//! Client and server read each other's messages as another type: fields are mixed up or lost.
//!
//! # Safe path
//!
//! Add a method with the new message, and move the callers.
//!
//! # Example
//!
//! ```proto
//! service Shop {
//! -  rpc Get (GetRequest) returns (Order);
//! +  rpc Get (GetRequest) returns (OrderView);
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::rule::MethodPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-method-response-type-changed",
    title: "A method has another response",
    why: "Client and server read each other's messages as another type: fields are mixed up or lost.",
    fix: "Add a method with the new message, and move the callers.",
    answers: &["buf:RPC_SAME_RESPONSE_TYPE"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &MethodPair<'_>) {
    let (old, new) = (&pair.old.output, &pair.new.output);
    if context.pairs.same_type((context.old, old), (context.new, new)) {
        return;
    }
    let (from, to) = (context.old.shown(old), context.new.shown(new));
    let text = format!("the response of `{}` changed from {from} to {to}", pair.object());
    let say = Say::new(&RULE, pair.object(), pair.new.place, format!("response {from} -> {to}"), text);
    context.say(say.changed().binary().json().calls().code());
}
