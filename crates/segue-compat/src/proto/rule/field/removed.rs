//! A field is gone.
//!
//! # What it checks
//!
//! A number of the old message has no field on the new side, and its name has none either.
//!
//! # Why it breaks
//!
//! What old writers still put there is dropped by new readers without an error, and readers of JSON refuse a member that
//! they do not know unless they are told otherwise. A number or name that is not reserved can get a second meaning later.
//!
//! # Safe path
//!
//! Mark the field deprecated, wait until nobody writes it, then remove it and reserve its number and its name.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  string voucher = 4;
//! +  reserved 4;
//! +  reserved "voucher";
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
    id: "proto-field-removed",
    title: "A field is gone",
    why: "What old writers still put there is dropped by new readers without an error, and readers of JSON refuse a member that they do not know unless they are told otherwise. A number or name that is not reserved can get a second meaning later.",
    fix: "Mark the field deprecated, wait until nobody writes it, then remove it and reserve its number and its name.",
    answers: &[
        "buf:FIELD_NO_DELETE",
        "buf:FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
        "buf:FIELD_NO_DELETE_UNLESS_NAME_RESERVED",
        "confluent-proto:FIELD_REMOVED",
        "confluent-proto:ONEOF_FIELD_REMOVED",
    ],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &MessagePair<'_>, field: &Field) {
    let object = format!("{}.{}", pair.old.name, field.name);
    let reserved = (pair.new.reserved.number(field.number), pair.new.reserved.name(&field.name));
    let open = match reserved {
        (true, true) => "; its number and name are reserved",
        (true, false) => "; its name is not reserved, and JSON can give it another meaning",
        (false, true) => "; its number is not reserved, and a later field can give old data another meaning",
        (false, false) => "; neither its number nor its name is reserved, and a later field can give old data another meaning",
    };
    let text = format!("the field `{object}` ({}) is gone{open}", field.number);
    let in_oneof = pair.old.oneof_of(field).is_some_and(|oneof| pair.new.oneofs.iter().any(|now| &*now.text == oneof));
    let say = Say::gone(&RULE, object, field.place, "field removed", text).narrowed().json().code().lost();
    let say = say.tolerated_if(reserved == (true, true) || context.policy.tolerated == Severity::Info);
    // A member of a oneof that is not known reads as if none were set; a required one that is missing, not at all.
    let say = say.binary_if(in_oneof || field.presence == Presence::Required);
    let say = say.witness(Side::Old, super::sample(context.old, field)).of(pair.old_id, pair.new_id);
    context.say(if reserved == (true, true) { say.at_most(Severity::Medium) } else { say });
}
