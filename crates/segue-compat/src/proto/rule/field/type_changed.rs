//! A field has another scalar or enum type.
//!
//! # What it checks
//!
//! The type of a field differs. Values at the edges of the old type are written in the wire format and in JSON, and read as
//! the new type; and the other way round.
//!
//! # Why it breaks
//!
//! Types of one wire group (int32, int64, uint32, uint64, bool and enums; sint32 and sint64; string and bytes; …) read each
//! other without an error, but cut what does not fit: 3000000000 as int64 becomes -1294967296 as int32. Other types do not
//! read each other at all.
//!
//! # Safe path
//!
//! Add a field of the new type with a new number, fill both, move the readers, and reserve the old number.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  int64 total = 3;
//! +  int32 total = 3;
//! }
//! ```

use segue_model::check::Side;
use serde_json::json;

use crate::policy::Relation;
use crate::proto::context::{Context, Say};
use crate::proto::model::{Model, Scalar, Type};
use crate::proto::rule::FieldPair;
use crate::proto::value::{Element, Harm, Harms, harms};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-field-type-changed",
    title: "A field has another scalar or enum type",
    why: "Types of one wire group (int32, int64, uint32, uint64, bool and enums; sint32 and sint64; string and bytes; …) read each other without an error, but cut what does not fit: 3000000000 as int64 becomes -1294967296 as int32. Other types do not read each other at all.",
    fix: "Add a field of the new type with a new number, fill both, move the readers, and reserve the old number.",
    answers: &[
        "buf:FIELD_SAME_TYPE",
        "buf:FIELD_WIRE_COMPATIBLE_TYPE",
        "buf:FIELD_WIRE_JSON_COMPATIBLE_TYPE",
        "confluent-proto:FIELD_SCALAR_KIND_CHANGED",
        "confluent-proto:FIELD_KIND_CHANGED",
    ],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &FieldPair<'_>) {
    let (old_kind, new_kind) = (&pair.old.kind, &pair.new.kind);
    let same = context.pairs.same_type((context.old, old_kind), (context.new, new_kind));
    let both_messages = is_message(old_kind) && is_message(new_kind);
    let maps = [old_kind, new_kind].iter().any(|kind| matches!(kind, Type::Map(..)));
    if same || both_messages || maps {
        return;
    }
    say(context, pair, (old_kind, new_kind), "");
}

/// A difference of elements; `of` says which: nothing, or `the key of`.
pub(super) fn say(context: &mut Context<'_>, pair: &FieldPair<'_>, kinds: (&Type, &Type), of: &str) {
    let (Some(old), Some(new)) = (element(context.old, kinds.0), element(context.new, kinds.1)) else { return };
    let (forth, back) = (harms(old, new), harms(new, old));
    let worse = |harms: &Harms| harms.binary.is_some() || harms.json.is_some();
    let relation = match (worse(&forth), worse(&back)) {
        (true, true) => Relation::Changed,
        (true, false) => Relation::Narrowed,
        (false, true) => Relation::Widened,
        (false, false) => Relation::Equal,
    };
    let (from, to) = (context.old.shown(kinds.0), context.new.shown(kinds.1));
    let mut text = format!("{of}`{}` ({}) changed from {from} to {to}", pair.object(), pair.old.number);
    let first = [&forth.binary, &forth.json, &back.binary, &back.json].into_iter().flatten().next();
    if let Some(harm) = first {
        text.push_str(&format!(": {}", harm.shown()));
    }
    let say = Say::new(&super::type_changed::RULE, pair.object(), pair.new.kind_at, format!("{of}type {from} -> {to}"), text);
    let say = say
        .relation(if relation == Relation::Equal { Relation::Changed } else { relation })
        .binary_if(forth.binary.is_some() || back.binary.is_some())
        .json_if(forth.json.is_some() || back.json.is_some())
        .code();
    let say = pair.say(say);
    context.say(match (witness(pair, Side::Old, &forth), witness(pair, Side::New, &back)) {
        (Some(value), _) if of.is_empty() => say.witness(Side::Old, value),
        (None, Some(value)) if of.is_empty() => say.witness(Side::New, value),
        _ => say,
    });
}

/// The proof: JSON of the message where JSON shows it, else the bytes and what each side reads.
fn witness(pair: &FieldPair<'_>, writer: Side, harms: &Harms) -> Option<serde_json::Value> {
    let (wrote, field) = if writer == Side::Old { (pair.old, pair.new) } else { (pair.new, pair.old) };
    let wrap = |harm: &Harm| if wrote.repeated { json!([harm.json]) } else { harm.json.clone() };
    if let Some(harm) = harms.json.as_ref().filter(|harm| harm.reads.is_none()) {
        return Some(json!({ &*wrote.json_name: wrap(harm) }));
    }
    let harm = harms.binary.as_ref().or(harms.json.as_ref())?;
    Some(json!({ "field": field.number, "bytes": harm.wire, "written": harm.wrote, "read": harm.reads }))
}

fn is_message(kind: &Type) -> bool {
    matches!(kind, Type::Message(_) | Type::Elsewhere(_))
}

/// What a well-known wrapper holds.
fn wrapped(name: &str) -> Option<Scalar> {
    let word = name.strip_prefix("google.protobuf.")?.strip_suffix("Value")?.to_ascii_lowercase();
    Scalar::named(&word)
}

fn element<'a>(model: &'a Model, kind: &Type) -> Option<Element<'a>> {
    match kind {
        Type::Scalar(scalar) => Some(Element::Scalar(*scalar)),
        Type::Enum(id) => Some(Element::Enum(model.enumeration(*id))),
        Type::Elsewhere(name) => Some(wrapped(name).map_or(Element::Message, Element::Wrapper)),
        Type::Message(_) => Some(Element::Message),
        Type::Map(..) => None,
    }
}
