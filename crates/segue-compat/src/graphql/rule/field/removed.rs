//! A field was removed
//!
//! # What it checks
//!
//! A field of an object or interface that the new side does not have, and no field of the same type and a like name has
//! come.
//!
//! # Why it breaks
//!
//! An operation that selects it is refused as a whole by validation, also when the field is a small part of it.
//!
//! # Safe path
//!
//! Deprecate it with a reason that names the way on, count who still asks for it, and remove it when nobody does.
//!
//! # Example
//!
//! ```graphql
//!   type Order {
//!     id: ID!
//! -   note: String
//!   }
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::{Field, TypeDef, is_deprecated};
use crate::graphql::steps::Going;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-field-removed",
    title: "A field was removed",
    why: "An operation that selects the field is refused as a whole, before anything of it runs.",
    fix: "Bring it back with @deprecated(reason: \"…\"), count who asks for it, and remove it when nobody does.",
    answers: &["graphql-inspector:FIELD_REMOVED", "graphql-js:FIELD_REMOVED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, owner: &'a TypeDef<'a>, field: &'a Field<'a>) {
    if cx.is_full(&RULE) {
        return;
    }
    let query = cx.old.writer.field(owner.name, field.name);
    let subject = Subject::new(Side::Old, owner.name, field.name, field.place);
    let before = is_deprecated(&field.uses);
    let how = if before { "was removed; it was deprecated before" } else { "was removed without a deprecation before" };
    let message = format!("{} {how}", subject.object());
    cx.going.push(Going::removed(&RULE, &subject.object(), "removed", before));
    let mut found = Found::new(&RULE, subject, Effect::Gone, message).change("removed").witness(Side::Old, query);
    if before {
        found = found.at_most(Severity::Medium);
    }
    cx.push(found);
}
