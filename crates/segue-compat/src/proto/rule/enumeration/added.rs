//! An enum is new.
//!
//! # What it checks
//!
//! An enum of the new side has no partner on the old side.
//!
//! # Why it breaks
//!
//! Nothing that exists breaks.
//!
//! # Safe path
//!
//! Nothing to do.
//!
//! # Example
//!
//! ```proto
//! +enum Colour { RED = 0; }
//! ```

use std::collections::BTreeSet;

use segue_model::finding::Severity;

use crate::proto::context::{Context, Say};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-enum-added",
    title: "An enum is new",
    why: "Nothing that exists breaks.",
    fix: "Nothing to do.",
    answers: &["confluent-proto:ENUM_ADDED"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>) {
    let (new, pairs) = (context.new, context.pairs);
    let known: BTreeSet<u32> = pairs.enums.values().copied().collect();
    for (id, enumeration) in (0_u32..).zip(&new.enums).filter(|(id, _)| !known.contains(id)) {
        let text = format!("the enum `{}` is new", enumeration.name);
        let say = Say::new(&RULE, &*enumeration.name, enumeration.place, "enum added", text).widened().code();
        context.say(say.of_enum(None, id).at_most(Severity::Info));
    }
}
