//! A number means another field.
//!
//! # What it checks
//!
//! The field under a number has another name and a type that does not read the old one, or its old name stands elsewhere in
//! the message.
//!
//! # Why it breaks
//!
//! Readers take the one for the other: values appear in the wrong field, or vanish, without an error.
//!
//! # Safe path
//!
//! Give the new field the next free number, and reserve the old number and name.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  string voucher = 4;
//! +  int64 weight_g = 4;
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::model::Field;
use crate::proto::rule::FieldPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-field-number-reused",
    title: "A number means another field",
    why: "Readers take the one for the other: values appear in the wrong field, or vanish, without an error.",
    fix: "Give the new field the next free number, and reserve the old number and name.",
    answers: &["buf:FIELD_SAME_TYPE", "buf:FIELD_SAME_NAME"],
};

/// A difference of name and type at once that no rename explains.
pub(in crate::proto) fn is(context: &Context<'_>, pair: &FieldPair<'_>) -> bool {
    let (old, new): (&Field, &Field) = (pair.old, pair.new);
    if old.name == new.name {
        return false;
    }
    let elsewhere = pair.message.new.by_name(&old.name).is_some() || pair.message.old.by_name(&new.name).is_some();
    let same = context.pairs.same_type((context.old, &old.kind), (context.new, &new.kind)) && old.repeated == new.repeated;
    elsewhere || (!same && !crate::proto::pair::alike(old, new))
}

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &FieldPair<'_>) {
    let object = pair.object();
    let (from, to) = (pair.old.shown(context.old), pair.new.shown(context.new));
    let text = format!(
        "the number {} of `{}` was {from} `{}` and now is {to} `{}`",
        pair.old.number, pair.message.new.name, pair.old.name, pair.new.name
    );
    let change = format!("{} {from} -> {} {to}", pair.old.name, pair.new.name);
    context.say(pair.say(Say::new(&RULE, object, pair.new.place, change, text).changed().binary().json().code()));
}
