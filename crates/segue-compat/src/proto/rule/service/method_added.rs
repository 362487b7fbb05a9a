//! A method is new.
//!
//! # What it checks
//!
//! A method of the new service has no partner on the old side.
//!
//! # Why it breaks
//!
//! Nothing that exists breaks. After going back, new clients that call it fail with UNIMPLEMENTED.
//!
//! # Safe path
//!
//! Deploy servers before clients.
//!
//! # Example
//!
//! ```proto
//! service Shop {
//! +  rpc Cancel (CancelRequest) returns (CancelResponse);
//! }
//! ```

use segue_model::finding::Severity;

use crate::proto::context::{Context, Say};
use crate::proto::model::{Method, Service};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-method-added",
    title: "A method is new",
    why: "Nothing that exists breaks. After going back, new clients that call it fail with UNIMPLEMENTED.",
    fix: "Deploy servers before clients.",
    answers: &[],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, service: &Service, method: &Method) {
    let object = format!("{}/{}", service.name, method.name);
    let text = format!("the method `{object}` is new");
    let say = Say::new(&RULE, object, method.place, "method added", text).widened().calls().code();
    context.say(say.at_most(Severity::Info));
}
