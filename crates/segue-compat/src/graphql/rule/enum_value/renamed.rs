//! A value of an enum seems to have another name
//!
//! # What it checks
//!
//! A value went and one with a like name came.
//!
//! # Why it breaks
//!
//! Clients give the old name and are refused; they get the new one and do not know it.
//!
//! # Safe path
//!
//! Keep both values for a while; give the old one until clients know the new one.
//!
//! # Example
//!
//! ```graphql
//!   enum Status {
//! -   CANCELED
//! +   CANCELLED
//!   }
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::reach::Position;
use crate::graphql::schema::{EnumValue, TypeDef};
use crate::policy::{Relation, Role};
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-enum-value-renamed",
    title: "A value of an enum seems to have another name",
    why: "Clients give the old name and are refused, and get the new one that they do not know.",
    fix: "Keep both values until no client gives the old one and all know the new one.",
    answers: &[
        "graphql-inspector:ENUM_VALUE_REMOVED",
        "graphql-inspector:ENUM_VALUE_ADDED",
        "graphql-js:VALUE_REMOVED_FROM_ENUM",
        "graphql-js:VALUE_ADDED_TO_ENUM",
    ],
};

pub(in crate::graphql) fn check<'a>(
    cx: &mut Context<'a>,
    owner: &'a TypeDef<'a>,
    was: &'a EnumValue<'a>,
    is: &'a EnumValue<'a>,
    position: Position,
    confidence: u32,
) {
    let subject = Subject::new(Side::Old, owner.name, was.name, was.place);
    let query = if position.input { cx.old.writer.enum_value(owner.name, was.name) } else { None };
    let message = format!("{} seems to be {} now (confidence {confidence}%: the names are alike)", subject.object(), is.name);
    let effect = if position.input { Effect::Both } else { Effect::Note(Severity::Info) };
    let mut found =
        Found::new(&RULE, subject, effect, message).change(format!("renamed {} -> {}", was.name, is.name)).witness(Side::Old, query);
    if position.output {
        found = found.effect(Effect::Tolerated(Role::Response, Relation::Changed));
    }
    cx.push(found);
}
