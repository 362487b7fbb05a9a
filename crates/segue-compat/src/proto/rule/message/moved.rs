//! A type stands in another file.
//!
//! # What it checks
//!
//! A message, enum or service that both sides have stands in another file, while its old file is still there.
//!
//! # Why it breaks
//!
//! Nothing changes on the wire. Languages that generate one unit for each file (C++, Python, JavaScript) need other
//! imports, and files that import the old one no longer see the type.
//!
//! # Safe path
//!
//! Leave `import public` of the new file in the old one.
//!
//! # Example
//!
//! ```proto
//! // message Money moves from shop/v1/order.proto to shop/v1/money.proto
//! ```

use crate::proto::context::{Context, Say};
use crate::rule::Rule;
use crate::source::Place;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-type-moved",
    title: "A type stands in another file",
    why: "Nothing changes on the wire. Languages that generate one unit for each file (C++, Python, JavaScript) need other imports, and files that import the old one no longer see the type.",
    fix: "Leave `import public` of the new file in the old one.",
    answers: &["confluent-proto:MESSAGE_MOVED"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>) {
    let (old, new, pairs) = (context.old, context.new, context.pairs);
    let messages = pairs.messages.iter().map(|(id, to)| (&old.message(*id).name, old.message(*id).place, new.message(*to).place));
    let enums = pairs.enums.iter().map(|(id, to)| (&old.enumeration(*id).name, old.enumeration(*id).place, new.enumeration(*to).place));
    let services = pairs.services.iter().map(|(at, to)| (&old.services[*at].name, old.services[*at].place, new.services[*to].place));
    let moved: Vec<(&str, Place, Place)> = messages
        .chain(enums)
        .chain(services)
        .filter(|(name, ..)| !is_nested(old, name))
        .filter(|(_, from, to)| {
            let partner = pairs.files.iter().find(|pair| pair.0 == from.file as usize);
            partner.is_some_and(|pair| pair.1 != to.file as usize)
        })
        .map(|(name, from, to)| (&**name, from, to))
        .collect();
    for (name, from, to) in moved {
        let (source, target) = (&old.file(from).key, &new.file(to).key);
        let text = format!("`{name}` moved from `{source}` to `{target}`");
        context.say(Say::new(&RULE, name, to, format!("moved {source} -> {target}"), text).changed().code());
    }
}

fn is_nested(old: &crate::proto::model::Model, name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(around, _)| old.types.contains_key(around))
}
