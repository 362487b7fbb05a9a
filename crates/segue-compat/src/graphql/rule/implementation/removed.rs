//! A type does not implement an interface any more
//!
//! # What it checks
//!
//! An object or interface that implemented an interface which is still there.
//!
//! # Why it breaks
//!
//! A fragment on the type inside of the interface, or on the interface inside of the type, can never match, and
//! validation refuses the operation.
//!
//! # Safe path
//!
//! Keep implementing it; its fields can be deprecated. Remove it when no operation has such a fragment.
//!
//! # Example
//!
//! ```graphql
//! - type Order implements Node { id: ID! }
//! + type Order { id: ID! }
//! ```

use segue_model::check::Side;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::{NamedAt, TypeDef, TypeKind};
use crate::policy::{Relation, Role};
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-interface-implementation-removed",
    title: "A type does not implement an interface any more",
    why: "Operations with a fragment between the type and the interface are refused as a whole.",
    fix: "Keep implementing the interface until no operation has such a fragment.",
    answers: &["graphql-inspector:OBJECT_TYPE_INTERFACE_REMOVED", "graphql-js:IMPLEMENTED_INTERFACE_REMOVED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, owner: &'a TypeDef<'a>, interface: &'a NamedAt<'a>) {
    let query = if owner.kind == TypeKind::Object { cx.old.writer.fragment(Some(owner.name), interface.name) } else { None };
    let subject = Subject::new(Side::Old, owner.name, "", interface.place);
    let message = format!("{} does not implement {} any more", owner.name, interface.name);
    let found = Found::new(&RULE, subject, Effect::Gone, message).effect(Effect::Tolerated(Role::Response, Relation::Narrowed));
    cx.push(found.change(format!("implements {} removed", interface.name)).witness(Side::Old, query));
}
