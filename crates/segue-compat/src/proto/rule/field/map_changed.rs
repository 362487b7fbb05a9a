//! A map has another key or value, or is no map any more.
//!
//! # What it checks
//!
//! A field is a map on one side only, or the types of its keys or values differ.
//!
//! # Why it breaks
//!
//! A map is written as repeated entries, so it and a repeated message of the same form read each other's bytes (an entry
//! that stands twice is lost in the map); in JSON the one is an object and the other a list. Keys and values follow the
//! rules of other fields.
//!
//! # Safe path
//!
//! Add a field of the new form with a new number.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  map<string, int32> counts = 5;
//! +  map<int32, int32> counts = 5;
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::model::Type;
use crate::proto::rule::FieldPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-field-map-changed",
    title: "A map has another key or value, or is no map any more",
    why: "A map is written as repeated entries, so it and a repeated message of the same form read each other's bytes (an entry that stands twice is lost in the map); in JSON the one is an object and the other a list. Keys and values follow the rules of other fields.",
    fix: "Add a field of the new form with a new number.",
    answers: &[
        "buf:FIELD_SAME_CARDINALITY",
        "buf:FIELD_WIRE_COMPATIBLE_CARDINALITY",
        "buf:FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
        "buf:FIELD_SAME_TYPE",
    ],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &FieldPair<'_>) {
    match (&pair.old.kind, &pair.new.kind) {
        (Type::Map(key, value), Type::Map(new_key, new_value)) => {
            if key != new_key {
                super::type_changed::say(context, pair, (&Type::Scalar(*key), &Type::Scalar(*new_key)), "the key of ");
            }
            let both_messages = [value, new_value].iter().all(|kind| matches!(***kind, Type::Message(_) | Type::Elsewhere(_)));
            if !both_messages && !context.pairs.same_type((context.old, value), (context.new, new_value)) {
                super::type_changed::say(context, pair, (value, new_value), "the value of ");
            }
        }
        (Type::Map(..), _) | (_, Type::Map(..)) => {
            let (from, to) = (pair.old.shown(context.old), pair.new.shown(context.new));
            let entries = entries_of(context, pair);
            let text = format!("`{}` ({}) changed from {from} to {to}: an object in JSON, and a list", pair.object(), pair.old.number);
            let say = Say::new(&RULE, pair.object(), pair.new.kind_at, format!("type {from} -> {to}"), text);
            context.say(pair.say(say.changed().binary_if(!entries).json().code()));
        }
        _ => {}
    }
}

/// The side that is no map holds entries of the map's form.
fn entries_of(context: &Context<'_>, pair: &FieldPair<'_>) -> bool {
    let (map, other, model, map_model) = match (&pair.old.kind, &pair.new.kind) {
        (map @ Type::Map(..), other) => (map, (other, pair.new.repeated), context.new, context.old),
        (other, map) => (map, (other, pair.old.repeated), context.old, context.new),
    };
    let (Type::Map(key, value), (Type::Message(id), true)) = (map, other) else { return false };
    let entry = model.message(*id);
    let shown = |number| entry.by_number(number).map(|field| (model.shown(&field.kind), field.repeated));
    entry.fields.len() == 2 && shown(1) == Some((key.word().to_owned(), false)) && shown(2) == Some((map_model.shown(value), false))
}
