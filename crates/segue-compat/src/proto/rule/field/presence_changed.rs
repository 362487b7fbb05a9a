//! A field knows on one side only whether it was set.
//!
//! # What it checks
//!
//! The presence of a field differs: explicit (`optional`, proto2, editions) or implicit (proto3).
//!
//! # Why it breaks
//!
//! Nothing changes for a parser. With implicit presence a zero is not written, and nobody can tell it from a field that was
//! not set; code that asks `has` no longer compiles or means something else.
//!
//! # Safe path
//!
//! Keep the presence: `optional` in proto3, `features.field_presence` in editions.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  optional int32 discount = 8;
//! +  int32 discount = 8;
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::model::{Presence, Type};
use crate::proto::rule::FieldPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-field-presence-changed",
    title: "A field knows on one side only whether it was set",
    why: "Nothing changes for a parser. With implicit presence a zero is not written, and nobody can tell it from a field that was not set; code that asks `has` no longer compiles or means something else.",
    fix: "Keep the presence: `optional` in proto3, `features.field_presence` in editions.",
    answers: &["buf:FIELD_SAME_CARDINALITY"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &FieldPair<'_>) {
    let (old, new) = (pair.old, pair.new);
    let many = old.repeated || new.repeated || [&old.kind, &new.kind].iter().any(|kind| matches!(kind, Type::Map(..)));
    let required = [old.presence, new.presence].contains(&Presence::Required);
    let moved = old.oneof.is_some() != new.oneof.is_some();
    if old.presence == new.presence || many || required || moved {
        return;
    }
    let word = |presence: Presence| if presence == Presence::Explicit { "explicit" } else { "implicit" };
    let (from, to) = (word(old.presence), word(new.presence));
    let text = format!(
        "the presence of `{}` changed from {from} to {to}: a zero and nothing at all are not told apart where it is implicit",
        pair.object()
    );
    let say = Say::new(&RULE, pair.object(), new.place, format!("presence {from} -> {to}"), text);
    context.say(pair.say(say.changed().code()));
}
