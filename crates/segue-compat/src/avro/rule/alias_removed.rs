//! An alias is gone.
//!
//! # What it checks
//!
//! An alias of a type or field that both sides have is not on the new side.
//!
//! # Why it breaks
//!
//! Data of an earlier time, written under that name, is no longer read. The last version's data is not concerned.
//!
//! # Safe path
//!
//! Keep aliases as long as such data is stored.
//!
//! # Example
//!
//! ```json
//! - {"name": "title", "aliases": ["name"], …}
//! + {"name": "title", …}
//! ```

use segue_model::finding::Severity;

use crate::avro::context::{Context, Note};
use crate::avro::resolve::{names, written};
use crate::avro::schema::Id;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-alias-removed",
    title: "An alias is gone",
    why: "Data of an earlier time, written under that name, is no longer read. The last version's data is not concerned.",
    fix: "Keep aliases as long as such data is stored.",
    answers: &[],
};

pub(in crate::avro) fn check(context: &mut Context<'_>, old: Id, new: Id) {
    let said = |aliases: &[Box<str>], now: &[Box<str>], name: &str| -> Option<String> {
        aliases.iter().find(|alias| !now.contains(alias) && ***alias != *name).map(ToString::to_string)
    };
    let mut gone = Vec::new();
    let (before, after) = (context.old.node(old), context.new.node(new));
    gone.extend(said(&before.aliases, &after.aliases, &context.new.branch(new)).map(|alias| (context.old.branch(old), alias, after.at)));
    if let (Some(before), Some(after)) = (context.old.fields(old), context.new.fields(new)) {
        let known = names(before);
        for field in after {
            let Some(was) = written(&known, field) else { continue };
            let object = format!("{}.{}", context.old.branch(old), was.name);
            gone.extend(said(&was.aliases, &field.aliases, &field.name).map(|alias| (object, alias, field.at)));
        }
    }
    for (object, alias, at) in gone {
        let text = format!("`{object}` no longer has the alias `{alias}`");
        context.note(Note::new(&RULE, object, format!("alias {alias} removed"), text).on_new(at).at_least(Severity::Low));
    }
}
