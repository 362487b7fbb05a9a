//! A message is written in another form.
//!
//! # What it checks
//! `contentType` of a message, or the document's default, of both sides; and the language of its schema.
//!
//! # Why it breaks
//! Readers of the one form cannot read the other.
//!
//! # Safe path
//! Send both forms on two channels, or let readers choose by the content type first.
//!
//! # Example
//! ```text
//! old: contentType: application/json
//! new: contentType: avro/binary
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::asyncapi::context::{Context, both};
use crate::asyncapi::model::Message;
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "asyncapi-content-type-changed",
    title: "A message is written in another form",
    why: "Readers of the one form cannot read the other.",
    fix: "Send both forms on two channels, or let readers choose by the content type first.",
    answers: &["asyncapi-diff:/channels/*/publish/message/contentType edit"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in &context.operations {
        for (_, name, old, new) in &pair.messages {
            let object = format!("{} messages/{name}", pair.name());
            if old.content_type != new.content_type {
                let text = format!("the message `{name}` of `{}` was `{}` and is `{}`", pair.name(), old.content_type, new.content_type);
                out.push(Draft::new(&RULE, context.policy, both(), object.clone(), text).at(Side::New, new.at));
            }
            let language = |message: &Message| message.foreign.clone().unwrap_or_else(|| "JSON Schema".to_owned());
            if old.foreign != new.foreign {
                let text =
                    format!("the payload of `{name}` of `{}` was described in {} and is in {}", pair.name(), language(old), language(new));
                let mut draft = Draft::new(&RULE, context.policy, Vec::new(), object.clone(), text).severity(Severity::Medium);
                draft.undecided = true;
                out.push(draft.at(Side::New, new.at));
            } else if old.payload.is_some() != new.payload.is_some() {
                let text = format!(
                    "the message `{name}` of `{}` {} a payload",
                    pair.name(),
                    if new.payload.is_some() { "describes" } else { "no longer describes" }
                );
                let mut draft = Draft::new(&RULE, context.policy, Vec::new(), object, text).severity(Severity::Medium);
                draft.undecided = true;
                out.push(draft.at(Side::New, new.at));
            }
        }
    }
}
