//! A field is gone, and had a default.
//!
//! # What it checks
//!
//! A field of the old record is not in the new one, and no new field has its name as an alias. It had a default, so that
//! going back is possible.
//!
//! # Why it breaks
//!
//! New readers pass over what old writers put there.
//!
//! # Safe path
//!
//! Make sure that nobody needs the field.
//!
//! # Example
//!
//! ```json
//! - "fields": [{"name": "note", "type": "string", "default": ""}]
//! + "fields": []
//! ```

use crate::avro::context::{Context, Note};
use crate::avro::resolve::taken;
use crate::avro::schema::Id;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-field-removed",
    title: "A field is gone, and had a default",
    why: "New readers pass over what old writers put there.",
    fix: "Make sure that nobody needs the field.",
    answers: &[],
};

pub(in crate::avro) fn check(context: &mut Context<'_>, old: Id, new: Id) {
    let (Some(before), Some(after)) = (context.old.fields(old), context.new.fields(new)) else { return };
    let taken = taken(before, after);
    for field in before.iter().filter(|field| field.default.is_some() && !taken.contains(&*field.name)) {
        let object = format!("{}.{}", context.old.branch(old), field.name);
        if !context.is_renamed(&object) {
            let text = format!("the field `{object}` is gone: new readers drop what old writers put there");
            context.note(Note::new(&RULE, object, "field removed", text).on_old(field.at));
        }
    }
}
