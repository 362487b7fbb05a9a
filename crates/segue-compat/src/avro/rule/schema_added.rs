//! A schema is new.
//!
//! # What it checks
//!
//! A file of the new side has no partner on the old side, and the type that it declares is nowhere else.
//!
//! # Why it breaks
//!
//! Nothing that exists breaks. After going back, the old side cannot read what was written with it.
//!
//! # Safe path
//!
//! Deploy readers before writers.
//!
//! # Example
//!
//! ```json
//! // order-cancelled.avsc is new
//! ```

use segue_model::finding::Severity;

use crate::avro::context::{Context, Note};
use crate::avro::schema::Id;
use crate::policy::Relation;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-schema-added",
    title: "A schema is new",
    why: "Nothing that exists breaks. After going back, the old side cannot read what was written with it.",
    fix: "Deploy readers before writers.",
    answers: &[],
};

pub(in crate::avro) fn check(context: &mut Context<'_>, file: &str, root: Id) {
    let name = context.new.branch(root);
    let text = format!("the schema `{name}` of `{file}` is new");
    let note = Note::new(&RULE, name, "schema added", text).on_new(context.new.node(root).at);
    context.note(note.relation(Relation::Widened).at_most(Severity::Info));
}
