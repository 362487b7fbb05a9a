//! Repeated numbers are packed on one side only.
//!
//! # What it checks
//!
//! The packing of a repeated field of numbers differs (`packed`, `features.repeated_field_encoding`, or proto2 and proto3).
//!
//! # Why it breaks
//!
//! Every parser since 2.3 reads both forms; only the number of bytes changes. Own parsers of the wire format may know one
//! form only.
//!
//! # Safe path
//!
//! Nothing to do, unless you parse the wire format yourself.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  repeated int32 sizes = 2;
//! +  repeated int32 sizes = 2 [packed = true];
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::rule::FieldPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-field-packed-changed",
    title: "Repeated numbers are packed on one side only",
    why: "Every parser since 2.3 reads both forms; only the number of bytes changes. Own parsers of the wire format may know one form only.",
    fix: "Nothing to do, unless you parse the wire format yourself.",
    answers: &[],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &FieldPair<'_>) {
    if pair.old.packed != pair.new.packed && pair.old.repeated && pair.new.repeated {
        let text = format!(
            "`{}` ({}) is {} packed; every parser reads both",
            pair.object(),
            pair.old.number,
            if pair.new.packed { "now" } else { "no longer" }
        );
        context.say(pair.say(Say::new(&RULE, pair.object(), pair.new.place, format!("packed -> {}", pair.new.packed), text)));
    }
}
