//! A oneof came or went.
//!
//! # What it checks
//!
//! A oneof of either message has no partner of the same name. Which fields moved is told at the fields.
//!
//! # Why it breaks
//!
//! Generated code has a type and a case for each oneof; the other side lacks them. The wire format does not know oneofs.
//!
//! # Safe path
//!
//! Keep the name of the oneof.
//!
//! # Example
//!
//! ```proto
//! message Payment {
//! -  oneof method { Card card = 1; string iban = 2; }
//! +  oneof way { Card card = 1; string iban = 2; }
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::rule::MessagePair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-oneof-removed",
    title: "A oneof came or went",
    why: "Generated code has a type and a case for each oneof; the other side lacks them. The wire format does not know oneofs.",
    fix: "Keep the name of the oneof.",
    answers: &["buf:ONEOF_NO_DELETE", "confluent-proto:ONEOF_REMOVED", "confluent-proto:ONEOF_ADDED"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &MessagePair<'_>) {
    let has = |list: &[crate::proto::ast::Name], name: &str| list.iter().any(|oneof| &*oneof.text == name);
    for oneof in pair.old.oneofs.iter().filter(|oneof| !has(&pair.new.oneofs, &oneof.text)) {
        let object = format!("{}.{}", pair.old.name, oneof.text);
        let place = crate::source::Place { span: oneof.span, ..pair.old.place };
        let text = format!("the oneof `{object}` is gone");
        context.say(Say::gone(&RULE, object, place, "oneof removed", text).narrowed().code());
    }
    for oneof in pair.new.oneofs.iter().filter(|oneof| !has(&pair.old.oneofs, &oneof.text)) {
        let object = format!("{}.{}", pair.new.name, oneof.text);
        let place = crate::source::Place { span: oneof.span, ..pair.new.place };
        let text = format!("the oneof `{object}` is new");
        context.say(Say::new(&RULE, object, place, "oneof added", text).widened().code().at_most(segue_model::finding::Severity::Info));
    }
}
