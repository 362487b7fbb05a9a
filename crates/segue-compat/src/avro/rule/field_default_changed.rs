//! A field has another default.
//!
//! # What it checks
//!
//! The default of a field that both sides have differs.
//!
//! # Why it breaks
//!
//! It is used only where a writer does not have the field: data of such writers reads as another value.
//!
//! # Safe path
//!
//! Keep the default, or make sure that every writer has the field.
//!
//! # Example
//!
//! ```json
//! - {"name": "n", "type": "int", "default": 1}
//! + {"name": "n", "type": "int", "default": 2}
//! ```

use segue_model::finding::Severity;

use crate::avro::context::{Context, Note};
use crate::avro::resolve::{names, written};
use crate::avro::schema::Id;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-field-default-changed",
    title: "A field has another default",
    why: "It is used only where a writer does not have the field: data of such writers reads as another value.",
    fix: "Keep the default, or make sure that every writer has the field.",
    answers: &[],
};

pub(in crate::avro) fn check(context: &mut Context<'_>, old: Id, new: Id) {
    let (Some(before), Some(after)) = (context.old.fields(old), context.new.fields(new)) else { return };
    let known = names(before);
    for field in after {
        let Some(was) = written(&known, field).filter(|was| was.default != field.default) else { continue };
        let object = format!("{}.{}", context.old.branch(old), was.name);
        let text = match (&was.default, &field.default) {
            (Some(_), None) => format!("the field `{object}` has no default any more: it can never be removed again"),
            (None, Some(_)) => format!("the field `{object}` has a default now"),
            _ => format!("the field `{object}` has another default"),
        };
        let severity = if was.default.is_some() { Severity::Low } else { Severity::Info };
        context.note(Note::new(&RULE, object, "default changed", text).on_new(field.at).at_least(severity));
    }
}
