//! A field moved into or out of a oneof.
//!
//! # What it checks
//!
//! A field is in a oneof on one side only, or in another one.
//!
//! # Why it breaks
//!
//! Of the fields of a oneof only the last that was written survives. When fields that could both be set now exclude each
//! other, one of them is lost; JSON with both is refused.
//!
//! # Safe path
//!
//! A field on its own may move into a new oneof. Otherwise add fields with new numbers.
//!
//! # Example
//!
//! ```proto
//! message Payment {
//! -  string iban = 1;
//! -  string card = 2;
//! +  oneof method { string iban = 1; string card = 2; }
//! }
//! ```

use segue_model::check::Side;

use crate::policy::Relation;
use crate::proto::context::{Context, Say};
use crate::proto::model::{Field, Message, Model};
use crate::proto::rule::FieldPair;
use crate::rule::Rule;

/// Members of a oneof that are looked at for each that moved.
const MEMBERS_MAX: usize = 1_000;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-field-oneof-changed",
    title: "A field moved into or out of a oneof",
    why: "Of the fields of a oneof only the last that was written survives. When fields that could both be set now exclude each other, one of them is lost; JSON with both is refused.",
    fix: "A field on its own may move into a new oneof. Otherwise add fields with new numbers.",
    answers: &[
        "buf:FIELD_SAME_ONEOF",
        "confluent-proto:ONEOF_FIELD_MOVED_TO_TOP_LEVEL",
        "confluent-proto:MULTIPLE_FIELDS_MOVED_TO_ONEOF",
        "confluent-proto:FIELD_MOVED_TO_EXISTING_ONEOF",
    ],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &FieldPair<'_>) {
    let (before, after) = (pair.message.old, pair.message.new);
    let (from, to) = (before.oneof_of(pair.old), after.oneof_of(pair.new));
    if from == to {
        return;
    }
    let (_, forth) = rival(before, pair.old, after, pair.new);
    let (_, back) = rival(after, pair.new, before, pair.old);
    if from.is_some() && to.is_some() && forth.is_none() && back.is_none() {
        return;
    }
    let shown = |oneof: Option<&str>| oneof.map_or("no oneof".to_owned(), |name| format!("the oneof `{name}`"));
    let lost = match (&forth, &back) {
        (Some(other), _) => format!(": it could be set together with `{}` and now excludes it", other.name),
        (None, Some(other)) => format!(": it now can be set together with `{}`, of which old readers keep only one", other.name),
        (None, None) => String::new(),
    };
    let text = format!("`{}` ({}) moved from {} to {}{lost}", pair.object(), pair.old.number, shown(from), shown(to));
    let relation = match (forth.is_some(), back.is_some()) {
        (true, false) => Relation::Narrowed,
        (false, true) => Relation::Widened,
        _ => Relation::Changed,
    };
    let harms = forth.is_some() || back.is_some();
    let change = format!("oneof {} -> {}", from.unwrap_or("-"), to.unwrap_or("-"));
    let say = Say::new(&RULE, pair.object(), pair.new.place, change, text).relation(relation).code().binary_if(harms).json_if(harms);
    let say = pair.say(say);
    context.say(match (forth, back) {
        (Some(other), _) => say.witness(Side::Old, both(context.old, pair.old, other)),
        (None, Some(other)) => say.witness(Side::New, both(context.new, pair.new, other)),
        (None, None) => say,
    });
}

/// Another field that the writer could set together with this one, and that the reader excludes: both as the reader and as
/// the writer know it.
fn rival<'a>(writer: &'a Message, written: &Field, reader: &'a Message, read: &Field) -> (Option<&'a Field>, Option<&'a Field>) {
    let Some(oneof) = read.oneof else { return (None, None) };
    reader
        .fields
        .iter()
        .filter(|other| other.oneof == Some(oneof) && other.number != read.number)
        .take(MEMBERS_MAX)
        .find_map(|other| {
            let known = writer.by_number(other.number)?;
            let together = written.oneof.is_none() || known.oneof != written.oneof;
            together.then_some((Some(other), Some(known)))
        })
        .unwrap_or((None, None))
}

fn both(model: &Model, field: &Field, other: &Field) -> serde_json::Value {
    let (mut one, two) = (super::sample(model, field), super::sample(model, other));
    if let (Some(one), Some(two)) = (one.as_object_mut(), two.as_object()) {
        one.extend(two.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    one
}
