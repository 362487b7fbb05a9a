//! Rules about fields: paired by their numbers, because the wire format knows nothing else.

pub mod added;
pub mod cardinality_changed;
pub mod code_option_changed;
pub mod default_changed;
pub mod encoding_changed;
pub mod json_name_changed;
pub mod map_changed;
pub mod message_type_changed;
pub mod number_changed;
pub mod number_reused;
pub mod oneof_changed;
pub mod packed_changed;
pub mod presence_changed;
pub mod removed;
pub mod renamed;
pub mod required_changed;
pub mod type_changed;
pub mod utf8_changed;

use serde_json::{Value as Json, json};

use super::{Context, FieldPair, MessagePair, service};
use crate::proto::model::{Field, Model, Scalar, Type};

/// The fields of one message, by number; what has another number on the other side is one change, not two.
pub(super) fn check(context: &mut Context<'_>, pair: &MessagePair<'_>) {
    required_changed::check(context, pair);
    for old in &pair.old.fields {
        if let Some(new) = pair.new.by_number(old.number) {
            both(context, &FieldPair { message: pair, old, new });
        } else if let Some(new) = renumbered(pair, old) {
            number_changed::check(context, pair, old, new);
        } else {
            removed::check(context, pair, old);
        }
    }
    for new in pair.new.fields.iter().filter(|new| pair.old.by_number(new.number).is_none()) {
        let was = pair.old.by_name(&new.name);
        if was.is_none_or(|old| renumbered(pair, old).is_none()) {
            added::check(context, pair, new);
        }
    }
}

/// The field of the same name under another number, where neither number is known to the other side.
fn renumbered<'a>(pair: &MessagePair<'a>, old: &Field) -> Option<&'a Field> {
    let new = pair.new.by_name(&old.name)?;
    (pair.new.by_number(old.number).is_none() && pair.old.by_number(new.number).is_none()).then_some(new)
}

/// A number that both sides have.
pub(super) fn both(context: &mut Context<'_>, pair: &FieldPair<'_>) {
    if number_reused::is(context, pair) {
        number_reused::check(context, pair);
        return;
    }
    renamed::check(context, pair);
    json_name_changed::check(context, pair);
    type_changed::check(context, pair);
    message_type_changed::check(context, pair);
    map_changed::check(context, pair);
    cardinality_changed::check(context, pair);
    presence_changed::check(context, pair);
    oneof_changed::check(context, pair);
    default_changed::check(context, pair);
    utf8_changed::check(context, pair);
    encoding_changed::check(context, pair);
    packed_changed::check(context, pair);
    code_option_changed::check(context, pair);
    let object = pair.object();
    service::deprecated::check(context, &object, pair.new.place, pair.old.deprecated, pair.new.deprecated);
}

/// A message in JSON with this field set.
pub(super) fn sample(model: &Model, field: &Field) -> Json {
    let value = match &field.kind {
        Type::Map(..) => json!({}),
        kind if field.repeated => json!([one(model, kind), one(model, kind)]),
        kind => one(model, kind),
    };
    json!({ &*field.json_name: value })
}

fn one(model: &Model, kind: &Type) -> Json {
    match kind {
        Type::Scalar(Scalar::String) => json!("text"),
        Type::Scalar(Scalar::Bytes) => json!("/wA="),
        Type::Scalar(Scalar::Bool) => json!(true),
        Type::Scalar(Scalar::Double | Scalar::Float) => json!(1.5),
        Type::Scalar(Scalar::Int64 | Scalar::Uint64 | Scalar::Sint64 | Scalar::Fixed64 | Scalar::Sfixed64) => json!("1"),
        Type::Scalar(_) => json!(1),
        Type::Enum(id) => json!(model.enumeration(*id).values.last().map(|value| &*value.name)),
        Type::Message(_) | Type::Map(..) => json!({}),
        Type::Elsewhere(name) => match &**name {
            "google.protobuf.Timestamp" => json!("2026-01-01T00:00:00Z"),
            "google.protobuf.Duration" => json!("1s"),
            "google.protobuf.FieldMask" => json!("field"),
            "google.protobuf.StringValue" => json!("text"),
            "google.protobuf.BoolValue" => json!(true),
            "google.protobuf.BytesValue" => json!("/wA="),
            "google.protobuf.ListValue" => json!([]),
            name if name.starts_with("google.protobuf.") && name.ends_with("Value") => json!(1),
            _ => json!({}),
        },
    }
}
