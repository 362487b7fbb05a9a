//! A field holds another message.
//!
//! # What it checks
//!
//! The message type of a field differs, and is not the same type under another name. The two messages are compared field by
//! field, as deep as they go.
//!
//! # Why it breaks
//!
//! Where they are the same inside, the wire format and JSON stay as they were, and only generated code sees another class.
//! Where they are not, one is read as the other: values appear in wrong fields or vanish.
//!
//! # Safe path
//!
//! Add a field of the new type with a new number.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  Address ship_to = 7;
//! +  Place ship_to = 7;
//! }
//! ```

use std::collections::BTreeSet;

use crate::proto::context::{Context, Say};
use crate::proto::model::{MessageId, Type};
use crate::proto::rule::FieldPair;
use crate::rule::Rule;

/// Pairs of messages that one comparison looks at.
const WORK_MAX: usize = 2_000;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-field-message-type-changed",
    title: "A field holds another message",
    why: "Where they are the same inside, the wire format and JSON stay as they were, and only generated code sees another class. Where they are not, one is read as the other: values appear in wrong fields or vanish.",
    fix: "Add a field of the new type with a new number.",
    answers: &["buf:FIELD_SAME_TYPE", "buf:FIELD_WIRE_COMPATIBLE_TYPE", "confluent-proto:FIELD_NAMED_TYPE_CHANGED"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &FieldPair<'_>) {
    let value = |kind: &Type| if let Type::Map(_, value) = kind { (**value).clone() } else { kind.clone() };
    let (old_kind, new_kind) = (value(&pair.old.kind), value(&pair.new.kind));
    let message = |kind: &Type| matches!(kind, Type::Message(_) | Type::Elsewhere(_));
    if !message(&old_kind) || !message(&new_kind) || context.pairs.same_type((context.old, &old_kind), (context.new, &new_kind)) {
        return;
    }
    let (from, to) = (context.old.shown(&old_kind), context.new.shown(&new_kind));
    let same = match (&old_kind, &new_kind) {
        (Type::Message(old), Type::Message(new)) => same_inside(context, *old, *new),
        _ => false,
    };
    let inside = if same { "which is the same inside" } else { "which is not the same inside" };
    let text = format!("`{}` ({}) holds {to} instead of {from}, {inside}", pair.object(), pair.old.number);
    let say = Say::new(&RULE, pair.object(), pair.new.kind_at, format!("type {from} -> {to}"), text);
    context.say(pair.say(say.changed().binary_if(!same).json_if(!same).code()));
}

/// The same fields by number, name, type and cardinality, all the way down; cycles are the same until shown otherwise.
fn same_inside(context: &Context<'_>, old: MessageId, new: MessageId) -> bool {
    let (mut seen, mut stack) = (BTreeSet::new(), vec![(old, new)]);
    while let Some((old, new)) = stack.pop() {
        if !seen.insert((old, new)) {
            continue;
        }
        let (before, after) = (context.old.message(old), context.new.message(new));
        if seen.len() > WORK_MAX || before.fields.len() != after.fields.len() {
            return false;
        }
        for (one, other) in before.fields.iter().zip(&after.fields) {
            let plain = one.number == other.number
                && one.json_name == other.json_name
                && one.repeated == other.repeated
                && one.presence == other.presence
                && one.delimited == other.delimited
                && before.oneof_of(one) == after.oneof_of(other);
            if !plain {
                return false;
            }
            match (&one.kind, &other.kind) {
                (Type::Message(held), Type::Message(held_now)) => stack.push((*held, *held_now)),
                (Type::Enum(held), Type::Enum(held_now)) => {
                    let values = |list: &[crate::proto::model::EnumValue]| -> Vec<(i64, Box<str>)> {
                        list.iter().map(|value| (value.number, value.name.clone())).collect()
                    };
                    let (held, held_now) = (context.old.enumeration(*held), context.new.enumeration(*held_now));
                    if values(&held.values) != values(&held_now.values) || held.closed != held_now.closed {
                        return false;
                    }
                }
                (kind, other) if context.pairs.same_type((context.old, kind), (context.new, other)) => {}
                _ => return false,
            }
        }
    }
    true
}
