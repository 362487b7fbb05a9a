//! A field seems to have another name, without an alias.
//!
//! # What it checks
//!
//! A field went and another came in the same record with the same type, there is no other such pair, and the new field has
//! no alias.
//!
//! # Why it breaks
//!
//! Readers do not find the value under the other name. Without a default they signal an error; with one they take it, and
//! the value is lost without an error.
//!
//! # Safe path
//!
//! Give the new field the old name as an alias. For the way back the old side needs a default.
//!
//! # Example
//!
//! ```json
//! - {"name": "name", "type": "string"}
//! + {"name": "title", "type": "string", "aliases": ["name"]}
//! ```

use segue_model::finding::Severity;

use crate::avro::context::{Context, Note};
use crate::avro::resolve::{names, taken, written};
use crate::avro::schema::{Field, Id};
use crate::policy::Relation;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-field-renamed",
    title: "A field seems to have another name, without an alias",
    why: "Readers do not find the value under the other name. Without a default they signal an error; with one they take it, and the value is lost without an error.",
    fix: "Give the new field the old name as an alias. For the way back the old side needs a default.",
    answers: &[],
};

pub(in crate::avro) fn check(context: &mut Context<'_>, old: Id, new: Id) {
    let (Some(before), Some(after)) = (context.old.fields(old), context.new.fields(new)) else { return };
    // Fields that one side finds by an alias are no riddle.
    let (known, known_now) = (names(before), names(after));
    let (read_by_new, read_by_old) = (taken(before, after), taken(after, before));
    let gone = before.iter().filter(|field| !read_by_new.contains(&*field.name) && written(&known_now, field).is_none());
    let came = after.iter().filter(|field| !read_by_old.contains(&*field.name) && written(&known, field).is_none());
    let (gone, came): (Vec<&Field>, Vec<&Field>) = (gone.collect(), came.collect());
    if gone.len() > 50 || came.len() > 50 {
        return;
    }
    let shown = |list: &[&Field], of: &crate::avro::schema::Schema| list.iter().map(|field| of.shown(field.schema)).collect::<Vec<_>>();
    let (gone_types, came_types) = (shown(&gone, context.old), shown(&came, context.new));
    for (at, field) in gone.iter().enumerate() {
        let kind = &gone_types[at];
        let mut partners = came_types.iter().enumerate().filter(|other| other.1 == kind);
        let alone = gone_types.iter().filter(|other| *other == kind).count() == 1;
        let (Some((partner, _)), None, true) = (partners.next(), partners.next(), alone) else { continue };
        let new_field = came[partner];
        let (record, new_record) = (context.old.branch(old), context.new.branch(new));
        let (from, to) = (format!("{record}.{}", field.name), format!("{new_record}.{}", new_field.name));
        let relation = match (new_field.default.is_none(), field.default.is_none()) {
            (true, true) => Relation::Changed,
            (true, false) => Relation::Narrowed,
            (false, true) => Relation::Widened,
            (false, false) => Relation::Equal,
        };
        let lost = if relation == Relation::Equal { "; readers take the default, and the value is lost without an error" } else { "" };
        let text = format!("the field `{from}` seems to be renamed to `{}`, without an alias: both are {kind}{lost}", new_field.name);
        let change = format!("renamed to {}", new_field.name);
        context.renamed(&from, &to);
        context.note(Note::new(&RULE, from, change, text).on_new(new_field.at).relation(relation).at_least(Severity::Medium));
    }
}
