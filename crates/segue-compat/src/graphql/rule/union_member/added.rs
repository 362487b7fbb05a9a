//! A type was added to a union
//!
//! # What it checks
//!
//! A type that a union has now.
//!
//! # Why it breaks
//!
//! Clients get objects of a type for which they have no fragment: empty objects, or a case that they do not handle. A
//! new fragment is refused by the old server.
//!
//! # Safe path
//!
//! Let clients handle unknown types before the server gives this one.
//!
//! # Example
//!
//! ```graphql
//! - union Result = Order
//! + union Result = Order | Coupon
//! ```

use segue_model::check::Side;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::{NamedAt, TypeDef};
use crate::policy::{Relation, Role};
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-union-member-added",
    title: "A type was added to a union",
    why: "Clients get objects of a type for which they have no case.",
    fix: "Make clients handle unknown types before the server gives this one.",
    answers: &["graphql-inspector:UNION_MEMBER_ADDED", "graphql-js:TYPE_ADDED_TO_UNION"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, owner: &'a TypeDef<'a>, member: &'a NamedAt<'a>) {
    if cx.is_full(&RULE) {
        return;
    }
    let query = cx.new.writer.fragment(Some(owner.name), member.name);
    let subject = Subject::new(Side::New, owner.name, member.name, member.place);
    let message = format!("{} is a member of the union {} now", member.name, owner.name);
    let found = Found::new(&RULE, subject, Effect::Tolerated(Role::Response, Relation::Widened), message).effect(Effect::Came);
    cx.push(found.change("added").witness(Side::New, query));
}
