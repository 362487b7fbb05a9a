//! An enum seems to have another name.
//!
//! # What it checks
//!
//! An enum went and another came with at least seven tenths of the same values (name and number), and no other candidate is
//! as good.
//!
//! # Why it breaks
//!
//! The wire format knows no names of types, so stored values stay readable. Generated code has the name in it.
//!
//! # Safe path
//!
//! Keep the old name, or rename in two steps: declare the new type, let both be read, and remove the old one when nobody
//! names it.
//!
//! # Example
//!
//! ```proto
//! -enum Adress { … }
//! +enum Address { … }
//! ```

use crate::proto::context::{Context, Say};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-enum-renamed",
    title: "An enum seems to have another name",
    why: "The wire format knows no names of types, so stored values stay readable. Generated code has the name in it.",
    fix: "Keep the old name, or rename in two steps: declare the new type, let both be read, and remove the old one when nobody names it.",
    answers: &[],
};

pub(in crate::proto) fn check(context: &mut Context<'_>) {
    let (old, new, pairs) = (context.old, context.new, context.pairs);
    for (id, partner) in &pairs.enums {
        let (before, after) = (&old.enums[*id as usize], &new.enums[*partner as usize]);
        if let Some((name, percent)) = pairs.renamed.get(&*before.name) {
            let text = format!("the enum `{}` seems to be renamed to `{name}`: {percent}% of what is in them is the same", before.name);
            let say = Say::new(&RULE, &*before.name, after.place, format!("renamed to {name}"), text);
            context.say(say.changed().code().of_enum(*id, *partner));
        }
    }
}
