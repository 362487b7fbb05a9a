//! A field is new, with a default.
//!
//! # What it checks
//!
//! A field of the new record is not in the old one, neither by name nor by alias, and has a default.
//!
//! # Why it breaks
//!
//! Nothing breaks: new readers take the default for old data, old readers pass over the field.
//!
//! # Safe path
//!
//! Nothing to do.
//!
//! # Example
//!
//! ```json
//! - "fields": []
//! + "fields": [{"name": "note", "type": "string", "default": ""}]
//! ```

use crate::avro::context::{Context, Note};
use crate::avro::resolve::{names, written};
use crate::avro::schema::Id;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-field-added",
    title: "A field is new, with a default",
    why: "Nothing breaks: new readers take the default for old data, old readers pass over the field.",
    fix: "Nothing to do.",
    answers: &[],
};

pub(in crate::avro) fn check(context: &mut Context<'_>, old: Id, new: Id) {
    let (Some(before), Some(after)) = (context.old.fields(old), context.new.fields(new)) else { return };
    let known = names(before);
    for field in after.iter().filter(|field| field.default.is_some() && written(&known, field).is_none()) {
        let object = format!("{}.{}", context.new.branch(new), field.name);
        if !context.is_renamed(&object) {
            let text = format!("the field `{object}` is new, with a default");
            context.note(Note::new(&RULE, object, "field added", text).on_new(field.at));
        }
    }
}
