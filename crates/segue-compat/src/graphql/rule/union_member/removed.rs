//! A type was removed from a union
//!
//! # What it checks
//!
//! A type that a union had and has no more.
//!
//! # Why it breaks
//!
//! A fragment on that type inside of the union can never match, and validation refuses the operation.
//!
//! # Safe path
//!
//! Stop giving the type, wait until no operation has the fragment, and remove it from the union then.
//!
//! # Example
//!
//! ```graphql
//! - union Result = Order | Coupon
//! + union Result = Order
//! ```

use segue_model::check::Side;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::{NamedAt, TypeDef};
use crate::policy::{Relation, Role};
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-union-member-removed",
    title: "A type was removed from a union",
    why: "An operation with a fragment on the type inside of the union is refused as a whole.",
    fix: "Stop giving the type first, and remove it from the union when no operation has the fragment.",
    answers: &["graphql-inspector:UNION_MEMBER_REMOVED", "graphql-js:TYPE_REMOVED_FROM_UNION"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, owner: &'a TypeDef<'a>, member: &'a NamedAt<'a>) {
    if cx.is_full(&RULE) {
        return;
    }
    let query = cx.old.writer.fragment(Some(owner.name), member.name);
    let subject = Subject::new(Side::Old, owner.name, member.name, member.place);
    let message = format!("{} is no member of the union {} any more", member.name, owner.name);
    let found = Found::new(&RULE, subject, Effect::Gone, message).effect(Effect::Tolerated(Role::Response, Relation::Narrowed));
    cx.push(found.change("removed").witness(Side::Old, query));
}
