//! A text is checked for UTF-8 on one side only.
//!
//! # What it checks
//!
//! The check of UTF-8 of a string field differs (`features.utf8_validation`, or proto2 and proto3).
//!
//! # Why it breaks
//!
//! A reader that checks refuses the whole message when a text is no UTF-8; a writer that did not check may have written
//! such texts.
//!
//! # Safe path
//!
//! Find and mend texts that are no UTF-8 before you turn the check on.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  string note = 4 [features.utf8_validation = NONE];
//! +  string note = 4;
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::model::Type;
use crate::proto::rule::FieldPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-field-utf8-changed",
    title: "A text is checked for UTF-8 on one side only",
    why: "A reader that checks refuses the whole message when a text is no UTF-8; a writer that did not check may have written such texts.",
    fix: "Find and mend texts that are no UTF-8 before you turn the check on.",
    answers: &["buf:FIELD_SAME_UTF8_VALIDATION"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &FieldPair<'_>) {
    let has_text = |kind: &Type| match kind {
        Type::Scalar(crate::proto::model::Scalar::String) => true,
        Type::Map(key, value) => {
            *key == crate::proto::model::Scalar::String || matches!(**value, Type::Scalar(crate::proto::model::Scalar::String))
        }
        _ => false,
    };
    if pair.old.utf8 == pair.new.utf8 || !has_text(&pair.old.kind) || !has_text(&pair.new.kind) {
        return;
    }
    let text = format!(
        "`{}` ({}) is {} for UTF-8",
        pair.object(),
        pair.old.number,
        if pair.new.utf8 { "now checked" } else { "no longer checked" }
    );
    let say = Say::new(&RULE, pair.object(), pair.new.place, format!("utf8 {} -> {}", pair.old.utf8, pair.new.utf8), text).binary();
    context.say(pair.say(if pair.new.utf8 { say.narrowed() } else { say.widened() }));
}
