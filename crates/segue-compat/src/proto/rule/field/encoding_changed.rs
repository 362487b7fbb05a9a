//! A message field is framed otherwise.
//!
//! # What it checks
//!
//! A message field is written between group tags on one side and behind its length on the other (`group`,
//! `features.message_encoding`).
//!
//! # Why it breaks
//!
//! The two framings do not read each other: the field is unknown to the reader.
//!
//! # Safe path
//!
//! Keep the framing; add a field with a new number for the other.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  optional group Detail = 3 { optional int32 x = 1; }
//! +  optional Detail detail = 3;
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::model::Type;
use crate::proto::rule::FieldPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-field-encoding-changed",
    title: "A message field is framed otherwise",
    why: "The two framings do not read each other: the field is unknown to the reader.",
    fix: "Keep the framing; add a field with a new number for the other.",
    answers: &["buf:FIELD_SAME_TYPE", "buf:FIELD_WIRE_COMPATIBLE_TYPE"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &FieldPair<'_>) {
    let message = |kind: &Type| matches!(kind, Type::Message(_) | Type::Elsewhere(_));
    if pair.old.delimited == pair.new.delimited || !message(&pair.old.kind) || !message(&pair.new.kind) {
        return;
    }
    let word = |delimited: bool| if delimited { "between group tags" } else { "behind its length" };
    let text = format!(
        "`{}` ({}) is written {} instead of {}",
        pair.object(),
        pair.old.number,
        word(pair.new.delimited),
        word(pair.old.delimited)
    );
    let say = Say::new(&RULE, pair.object(), pair.new.place, format!("delimited {} -> {}", pair.old.delimited, pair.new.delimited), text);
    context.say(pair.say(say.changed().binary().code()));
}
