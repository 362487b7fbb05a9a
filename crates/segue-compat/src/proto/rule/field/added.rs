//! A field is new.
//!
//! # What it checks
//!
//! A number of the new message has no field on the old side, and its name has none either.
//!
//! # Why it breaks
//!
//! Old readers of the wire format pass over it. After going back, old readers drop what was written there, and readers of
//! JSON refuse a member that they do not know unless they are told otherwise.
//!
//! # Safe path
//!
//! Deploy readers before writers fill the field.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! +  string voucher = 4;
//! }
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::proto::context::{Context, Say};
use crate::proto::model::{Field, Presence};
use crate::proto::rule::MessagePair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-field-added",
    title: "A field is new",
    why: "Old readers of the wire format pass over it. After going back, old readers drop what was written there, and readers of JSON refuse a member that they do not know unless they are told otherwise.",
    fix: "Deploy readers before writers fill the field.",
    answers: &["confluent-proto:FIELD_ADDED", "confluent-proto:ONEOF_FIELD_ADDED"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &MessagePair<'_>, field: &Field) {
    let object = format!("{}.{}", pair.new.name, field.name);
    let text = format!("the field `{object}` ({}) is new", field.number);
    let in_oneof = pair.new.oneof_of(field).is_some_and(|oneof| pair.old.oneofs.iter().any(|was| &*was.text == oneof));
    let say = Say::new(&RULE, object, field.place, "field added", text).widened().json().code().lost().tolerated_if(true);
    let say = say.binary_if(in_oneof || field.presence == Presence::Required);
    let say = say.witness(Side::New, super::sample(context.new, field)).of(pair.old_id, pair.new_id);
    context.say(say.at_most(Severity::Low));
}
