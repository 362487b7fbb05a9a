//! A field seems to have another name.
//!
//! # What it checks
//!
//! The field under a number has another name and the same type.
//!
//! # Why it breaks
//!
//! The wire format does not know names. JSON, text format, field masks and generated code do: a JSON reader refuses the old
//! member, or leaves the field empty. With `json_name` set to the old name, JSON stays as it was.
//!
//! # Safe path
//!
//! Set `json_name` to the old name, or add a field with a new number and fill both for a while.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  string name = 1;
//! +  string title = 1;
//! }
//! ```

use segue_model::check::Side;

use crate::proto::context::{Context, Say};
use crate::proto::rule::FieldPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-field-renamed",
    title: "A field seems to have another name",
    why: "The wire format does not know names. JSON, text format, field masks and generated code do: a JSON reader refuses the old member, or leaves the field empty. With `json_name` set to the old name, JSON stays as it was.",
    fix: "Set `json_name` to the old name, or add a field with a new number and fill both for a while.",
    answers: &["buf:FIELD_SAME_NAME", "confluent-proto:FIELD_NAME_CHANGED"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &FieldPair<'_>) {
    let (old, new) = (pair.old, pair.new);
    if old.name == new.name {
        return;
    }
    let refused = |written: &str, reader: &crate::proto::model::Field| written != &*reader.json_name && written != &*reader.name;
    let (forth, back) = (refused(&old.json_name, new), refused(&new.json_name, old));
    let text = format!(
        "the field `{}` ({}) seems to be renamed to `{}`: it has the same number and its type fits",
        pair.object(),
        old.number,
        new.name
    );
    let say = Say::new(&RULE, pair.object(), new.place, format!("name {} -> {}", old.name, new.name), text);
    let say = pair.say(say.changed().code().json_if(forth || back));
    context.say(if forth { say.witness(Side::Old, super::sample(context.old, old)) } else { say });
}
