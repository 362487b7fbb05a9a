//! An extension is gone.
//!
//! # What it checks
//!
//! An extension of the old side is not on the new side: by the message that it extends and by its number.
//!
//! # Why it breaks
//!
//! What was written in it is unknown to the new reader, and generated code lacks it.
//!
//! # Safe path
//!
//! Mark the extension deprecated and keep it as long as data holds it.
//!
//! # Example
//!
//! ```proto
//! -extend Order { optional string note = 100; }
//! ```

use std::collections::BTreeSet;

use crate::proto::context::{Context, Say};
use crate::proto::model::{Extension, Model, TypeId};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-extension-removed",
    title: "An extension is gone",
    why: "What was written in it is unknown to the new reader, and generated code lacks it.",
    fix: "Mark the extension deprecated and keep it as long as data holds it.",
    answers: &["buf:EXTENSION_NO_DELETE", "buf:PACKAGE_EXTENSION_NO_DELETE"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>) {
    let (old, new, pairs) = (context.old, context.new, context.pairs);
    let name_now = |name: &str| match old.types.get(name) {
        Some(TypeId::Message(id)) => pairs.messages.get(id).map_or_else(|| name.to_owned(), |to| new.message(*to).name.to_string()),
        _ => name.to_owned(),
    };
    let key = |extension: &Extension| (extension.extendee.to_string(), extension.field.number);
    let now: BTreeSet<(String, i64)> = new.extensions.iter().map(key).collect();
    let before: BTreeSet<(String, i64)> = old.extensions.iter().map(|one| (name_now(&one.extendee), one.field.number)).collect();
    for one in old.extensions.iter().filter(|one| !now.contains(&(name_now(&one.extendee), one.field.number))) {
        let text = format!("the extension `{}` ({}) of `{}` is gone", one.name, one.field.number, one.extendee);
        let say = Say::gone(&RULE, &*one.name, one.field.place, "extension removed", text);
        context.say(say.narrowed().binary().json().code().of(extended(old, one), None));
    }
    for one in new.extensions.iter().filter(|one| !before.contains(&key(one))) {
        let text = format!("the extension `{}` ({}) of `{}` is new", one.name, one.field.number, one.extendee);
        let say = Say::new(&RULE, &*one.name, one.field.place, "extension added", text).widened().binary().json().code();
        context.say(say.of(None, extended(new, one)).at_most(segue_model::finding::Severity::Info));
    }
}

fn extended(model: &Model, extension: &Extension) -> Option<u32> {
    match model.types.get(&extension.extendee) {
        Some(TypeId::Message(id)) => Some(*id),
        _ => None,
    }
}
