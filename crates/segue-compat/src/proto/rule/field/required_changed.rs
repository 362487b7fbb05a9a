//! A required field came or went.
//!
//! # What it checks
//!
//! A field is required on one side only: added, removed, or with another label.
//!
//! # Why it breaks
//!
//! A reader that requires a field refuses every message without it; the whole message, and every message that holds it.
//!
//! # Safe path
//!
//! Never add a required field. To get rid of one, make every reader optional first, then every writer.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  optional string id = 1;
//! +  required string id = 1;
//! }
//! ```

use segue_model::check::Side;
use serde_json::json;

use crate::proto::context::{Context, Say};
use crate::proto::model::{Field, Presence};
use crate::proto::rule::MessagePair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-required-field-changed",
    title: "A required field came or went",
    why: "A reader that requires a field refuses every message without it; the whole message, and every message that holds it.",
    fix: "Never add a required field. To get rid of one, make every reader optional first, then every writer.",
    answers: &[
        "buf:MESSAGE_SAME_REQUIRED_FIELDS",
        "buf:FIELD_SAME_CARDINALITY",
        "confluent-proto:REQUIRED_FIELD_ADDED",
        "confluent-proto:REQUIRED_FIELD_REMOVED",
    ],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &MessagePair<'_>) {
    let required = |field: &&Field| field.presence == Presence::Required;
    let lacks =
        |in_: &crate::proto::model::Message, number: i64| in_.by_number(number).is_none_or(|field| field.presence != Presence::Required);
    let came: Vec<&Field> = pair.new.fields.iter().filter(required).filter(|field| lacks(pair.old, field.number)).collect();
    let went: Vec<&Field> = pair.old.fields.iter().filter(required).filter(|field| lacks(pair.new, field.number)).collect();
    for field in came {
        let object = format!("{}.{}", pair.new.name, field.name);
        let text = format!("`{object}` ({}) is now required: messages without it are refused", field.number);
        let say = Say::new(&RULE, object, field.place, "required added", text).narrowed().binary().json().of(pair.old_id, pair.new_id);
        context.say(say.witness(Side::Old, json!({})));
    }
    for field in went {
        let object = format!("{}.{}", pair.old.name, field.name);
        let text = format!("`{object}` ({}) is no longer required: old readers refuse messages without it", field.number);
        let say = Say::gone(&RULE, object, field.place, "required removed", text).widened().binary().json().of(pair.old_id, pair.new_id);
        context.say(say.witness(Side::New, json!({})));
    }
}
