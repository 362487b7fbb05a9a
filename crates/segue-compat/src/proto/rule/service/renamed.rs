//! A service seems to have another name.
//!
//! # What it checks
//!
//! A service went and another came with at least seven tenths of the same methods.
//!
//! # Why it breaks
//!
//! The name is part of the path of every call: calls under the old name fail with UNIMPLEMENTED.
//!
//! # Safe path
//!
//! Serve both names until no call comes under the old one.
//!
//! # Example
//!
//! ```proto
//! -service Order { … }
//! +service Orders { … }
//! ```

use crate::proto::context::{Context, Say};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-service-renamed",
    title: "A service seems to have another name",
    why: "The name is part of the path of every call: calls under the old name fail with UNIMPLEMENTED.",
    fix: "Serve both names until no call comes under the old one.",
    answers: &["buf:SERVICE_NO_DELETE"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>) {
    let (old, new, pairs) = (context.old, context.new, context.pairs);
    for (at, partner) in &pairs.services {
        let (before, after) = (&old.services[*at], &new.services[*partner]);
        if let Some((name, percent)) = pairs.renamed.get(&*before.name) {
            let text = format!("the service `{}` seems to be renamed to `{name}`: {percent}% of their methods are the same", before.name);
            let say = Say::new(&RULE, &*before.name, after.place, format!("renamed to {name}"), text);
            context.say(say.changed().calls().code());
        }
    }
}
