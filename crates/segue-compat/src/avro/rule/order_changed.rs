//! A field sorts otherwise.
//!
//! # What it checks
//!
//! The `order` of a field differs.
//!
//! # Why it breaks
//!
//! Sorted files and keys of maps and joins, which compare the bytes, no longer agree between the sides.
//!
//! # Safe path
//!
//! Keep the order of fields that anything is sorted by.
//!
//! # Example
//!
//! ```json
//! - {"name": "n", "type": "int"}
//! + {"name": "n", "type": "int", "order": "descending"}
//! ```

use segue_model::finding::Severity;

use crate::avro::context::{Context, Note};
use crate::avro::resolve::{names, written};
use crate::avro::schema::Id;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-field-order-changed",
    title: "A field sorts otherwise",
    why: "Sorted files and keys of maps and joins, which compare the bytes, no longer agree between the sides.",
    fix: "Keep the order of fields that anything is sorted by.",
    answers: &[],
};

pub(in crate::avro) fn check(context: &mut Context<'_>, old: Id, new: Id) {
    let (Some(before), Some(after)) = (context.old.fields(old), context.new.fields(new)) else { return };
    let known = names(before);
    for field in after {
        let Some(was) = written(&known, field).filter(|was| was.order != field.order) else { continue };
        let object = format!("{}.{}", context.old.branch(old), was.name);
        let text = format!("the field `{object}` sorts {} instead of {}", field.order, was.order);
        context.note(
            Note::new(&RULE, object, format!("order {} -> {}", was.order, field.order), text).on_new(field.at).at_least(Severity::Low),
        );
    }
}
