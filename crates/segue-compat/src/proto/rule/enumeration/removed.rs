//! An enum is gone.
//!
//! # What it checks
//!
//! An enum of the old side has no partner on the new side, neither by name nor by its values.
//!
//! # Why it breaks
//!
//! Generated code lacks it. What becomes of the fields that held it is told there.
//!
//! # Safe path
//!
//! Mark the enum deprecated, and remove it when no field and no code names it.
//!
//! # Example
//!
//! ```proto
//! -enum Colour { RED = 0; }
//! ```

use crate::proto::context::{Context, Say};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-enum-removed",
    title: "An enum is gone",
    why: "Generated code lacks it. What becomes of the fields that held it is told there.",
    fix: "Mark the enum deprecated, and remove it when no field and no code names it.",
    answers: &["buf:ENUM_NO_DELETE", "buf:PACKAGE_ENUM_NO_DELETE", "confluent-proto:ENUM_REMOVED"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>) {
    let (old, pairs) = (context.old, context.pairs);
    for (id, enumeration) in (0_u32..).zip(&old.enums) {
        if !pairs.enums.contains_key(&id) {
            let text = format!("the enum `{}` is gone", enumeration.name);
            context.say(Say::gone(&RULE, &*enumeration.name, enumeration.place, "enum removed", text).narrowed().code().of_enum(id, None));
        }
    }
}
