//! A method is gone.
//!
//! # What it checks
//!
//! A method of the old service has no partner on the new side, neither by name nor by its request and response.
//!
//! # Why it breaks
//!
//! Calls to it fail with UNIMPLEMENTED.
//!
//! # Safe path
//!
//! Mark the method deprecated, move the callers, and remove it when no call comes in.
//!
//! # Example
//!
//! ```proto
//! service Shop {
//! -  rpc Cancel (CancelRequest) returns (CancelResponse);
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::model::{Method, Service};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-method-removed",
    title: "A method is gone",
    why: "Calls to it fail with UNIMPLEMENTED.",
    fix: "Mark the method deprecated, move the callers, and remove it when no call comes in.",
    answers: &["buf:RPC_NO_DELETE"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, service: &Service, method: &Method) {
    let object = format!("{}/{}", service.name, method.name);
    let text = format!("the method `{object}` is gone");
    context.say(Say::gone(&RULE, object, method.place, "method removed", text).narrowed().calls().code());
}
