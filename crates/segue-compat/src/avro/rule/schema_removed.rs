//! A schema is gone.
//!
//! # What it checks
//!
//! A file of the old side has no partner on the new side, and the type that it declares is nowhere else.
//!
//! # Why it breaks
//!
//! Nobody can read what was written with it.
//!
//! # Safe path
//!
//! Keep the schema as long as data is stored that was written with it.
//!
//! # Example
//!
//! ```json
//! // order-cancelled.avsc is deleted
//! ```

use crate::avro::context::{Context, Note};
use crate::avro::schema::Id;
use crate::policy::Relation;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-schema-removed",
    title: "A schema is gone",
    why: "Nobody can read what was written with it.",
    fix: "Keep the schema as long as data is stored that was written with it.",
    answers: &[],
};

pub(in crate::avro) fn check(context: &mut Context<'_>, file: &str, root: Id) {
    let name = context.old.branch(root);
    let text = format!("the schema `{name}` of `{file}` is gone");
    context.note(Note::new(&RULE, name, "schema removed", text).on_old(context.old.node(root).at).relation(Relation::Narrowed));
}
