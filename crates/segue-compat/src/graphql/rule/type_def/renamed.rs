//! A type seems to have another name
//!
//! # What it checks
//!
//! A type went and another came that has the same members, and fields that gave the one give the other.
//!
//! # Why it breaks
//!
//! The name is part of the contract: fragments on it, variables of it and `__typename` name it.
//!
//! # Safe path
//!
//! Keep the old name. If it must go, serve both types for a while: new fields give the new type, the old fields are
//! deprecated.
//!
//! # Example
//!
//! ```graphql
//! - type Purchase { id: ID! total: Int! }
//! + type Order { id: ID! total: Int! }
//! ```

use segue_model::check::Side;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::TypeDef;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-type-renamed",
    title: "A type seems to have another name",
    why: "Fragments, variables and __typename name the type, in both directions.",
    fix: "Keep the old name, or add the new type beside the old one and deprecate what leads to the old one.",
    answers: &["graphql-inspector:TYPE_REMOVED", "graphql-inspector:TYPE_ADDED", "graphql-js:TYPE_REMOVED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, was: &'a TypeDef<'a>, is: &'a TypeDef<'a>, same: usize, moved: usize) {
    let writer = &mut cx.old.writer;
    let query = if was.kind.is_composite() { writer.fragment(None, was.name) } else { writer.variable(was.name) };
    let subject = Subject::new(Side::Old, was.name, "", was.place);
    let places = if moved == 1 { "1 place names".to_owned() } else { format!("{moved} places name") };
    let members = if was.values.len() + was.fields.len() + was.inputs.len() + was.members.len() == 0 {
        String::new()
    } else {
        format!("{same}% of the members are the same, ")
    };
    let message = format!("{} seems to be {} now ({members}{places} the one for the other)", was.name, is.name);
    let change = format!("renamed {} -> {}", was.name, is.name);
    cx.push(Found::new(&RULE, subject, Effect::Both, message).change(change).witness(Side::Old, query));
}
