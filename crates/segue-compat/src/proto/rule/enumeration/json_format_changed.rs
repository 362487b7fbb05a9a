//! An enum no longer promises JSON, or begins to.
//!
//! # What it checks
//!
//! The feature `json_format` of an enum differs (proto2 promises only the best effort).
//!
//! # Why it breaks
//!
//! Without the promise two values may share a JSON name, and JSON that was read may be read otherwise.
//!
//! # Safe path
//!
//! Set `features.json_format` to what it was.
//!
//! # Example
//!
//! ```proto
//! enum State {
//! -  option features.json_format = ALLOW;
//! +  option features.json_format = LEGACY_BEST_EFFORT;
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::rule::EnumPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-enum-json-format-changed",
    title: "An enum no longer promises JSON, or begins to",
    why: "Without the promise two values may share a JSON name, and JSON that was read may be read otherwise.",
    fix: "Set `features.json_format` to what it was.",
    answers: &["buf:ENUM_SAME_JSON_FORMAT"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &EnumPair<'_>) {
    if pair.old.json != pair.new.json {
        let word = |json: bool| if json { "ALLOW" } else { "LEGACY_BEST_EFFORT" };
        let (from, to) = (word(pair.old.json), word(pair.new.json));
        let text = format!("`json_format` of `{}` changed from {from} to {to}", pair.new.name);
        let say = Say::new(&RULE, &*pair.old.name, pair.new.place, format!("json_format {from} -> {to}"), text).json();
        context.say(if pair.old.json { say.narrowed() } else { say.widened() }.of_enum(pair.old_id, pair.new_id));
    }
}
