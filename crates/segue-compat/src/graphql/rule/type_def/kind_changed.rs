//! A type is of another kind
//!
//! # What it checks
//!
//! A name that stood for an object, interface, union, enum, input object or scalar stands for another of these.
//!
//! # Why it breaks
//!
//! What may be selected in it, or given as its value, follows from the kind.
//!
//! # Safe path
//!
//! Add a type with another name, add fields that give it, and deprecate the old ones.
//!
//! # Example
//!
//! ```graphql
//! - enum Status { OPEN DONE }
//! + scalar Status
//! ```

use segue_model::check::Side;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::TypeDef;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-type-kind-changed",
    title: "A type is of another kind",
    why: "What can be selected in a type, or given as its value, follows from its kind.",
    fix: "Add a type of the new kind under another name, and deprecate what leads to the old one.",
    answers: &["graphql-inspector:TYPE_KIND_CHANGED", "graphql-js:TYPE_CHANGED_KIND"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, was: &'a TypeDef<'a>, is: &'a TypeDef<'a>) {
    let query = match (was.kind.is_composite(), is.kind.is_composite()) {
        (true, false) => cx.old.writer.fragment(None, was.name),
        (false, true) => cx.old.writer.variable(was.name),
        _ => None,
    };
    let subject = Subject::new(Side::New, is.name, "", is.place);
    let message = format!("{} was {} and is {} now", is.name, was.kind.a(), is.kind.a());
    let change = format!("{} -> {}", was.kind.a(), is.kind.a());
    cx.push(Found::new(&RULE, subject, Effect::Both, message).change(change).witness(Side::Old, query));
}
