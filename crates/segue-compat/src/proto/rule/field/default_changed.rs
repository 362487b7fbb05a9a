//! A field has another default.
//!
//! # What it checks
//!
//! The default of a field differs (proto2 and editions).
//!
//! # Why it breaks
//!
//! A field that was not set is not written: the reader fills in its own default. Both sides then see another value in the
//! same bytes.
//!
//! # Safe path
//!
//! Leave the default, and write the value that you mean.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  optional int32 limit = 9 [default = 10];
//! +  optional int32 limit = 9 [default = 100];
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::model::{Scalar, Type};
use crate::proto::rule::FieldPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-field-default-changed",
    title: "A field has another default",
    why: "A field that was not set is not written: the reader fills in its own default. Both sides then see another value in the same bytes.",
    fix: "Leave the default, and write the value that you mean.",
    answers: &["buf:FIELD_SAME_DEFAULT"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &FieldPair<'_>) {
    let (old, new) = (&pair.old, &pair.new);
    if old.repeated || new.repeated {
        return;
    }
    let (from, to) = (plain(old.default.as_deref(), &old.kind), plain(new.default.as_deref(), &new.kind));
    if from == to {
        return;
    }
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    let (from, to) = (shown(&from), shown(&to));
    let text = format!("the default of `{}` ({}) changed from {from} to {to}", pair.object(), old.number);
    let say = Say::new(&RULE, pair.object(), new.place, format!("default {from} -> {to}"), text);
    context.say(pair.say(say.changed().binary().json()));
}

/// A default without its ways of writing; the type's own zero is no default.
fn plain(default: Option<&str>, kind: &Type) -> Option<String> {
    let given = default?;
    let zero = match kind {
        Type::Scalar(Scalar::String | Scalar::Bytes) => given.is_empty(),
        Type::Scalar(Scalar::Bool) => given == "false",
        Type::Scalar(_) => given.parse::<f64>().is_ok_and(|value| value == 0.0),
        _ => false,
    };
    let text = match kind {
        Type::Scalar(Scalar::Float | Scalar::Double) => given.parse::<f64>().map_or_else(|_| given.to_owned(), |value| value.to_string()),
        _ => given.to_owned(),
    };
    (!zero).then_some(text)
}
