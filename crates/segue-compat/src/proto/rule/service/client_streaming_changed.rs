//! A method streams from the client on one side only.
//!
//! # What it checks
//!
//! The word `stream` before the request of a method came or went.
//!
//! # Why it breaks
//!
//! The two forms of a call do not fit: the one side waits for a message or an end that the other does not send.
//!
//! # Safe path
//!
//! Add a method that streams beside the one that does not.
//!
//! # Example
//!
//! ```proto
//! service Shop {
//! -  rpc Watch (Query) returns (Order);
//! +  rpc Watch (stream Query) returns (Order);
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::rule::MethodPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-method-client-streaming-changed",
    title: "A method streams from the client on one side only",
    why: "The two forms of a call do not fit: the one side waits for a message or an end that the other does not send.",
    fix: "Add a method that streams beside the one that does not.",
    answers: &["buf:RPC_SAME_CLIENT_STREAMING"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &MethodPair<'_>) {
    let (old, new) = (pair.old.client_streaming, pair.new.client_streaming);
    if old != new {
        let text = format!("`{}` {} from the client", pair.object(), if new { "now streams" } else { "no longer streams" });
        let say = Say::new(&RULE, pair.object(), pair.new.place, format!("client streaming {old} -> {new}"), text);
        context.say(say.changed().calls().code());
    }
}
