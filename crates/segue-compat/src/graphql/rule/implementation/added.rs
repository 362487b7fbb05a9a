//! A type implements a further interface
//!
//! # What it checks
//!
//! An object or interface that implements an interface which the old side has too.
//!
//! # Why it breaks
//!
//! Clients that ask for the interface get objects of a type that they do not know. A new fragment is refused by the old
//! server.
//!
//! # Safe path
//!
//! Let clients handle unknown types of the interface before the server gives this one.
//!
//! # Example
//!
//! ```graphql
//! - type Order { id: ID! }
//! + type Order implements Node { id: ID! }
//! ```

use segue_model::check::Side;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::{NamedAt, TypeDef, TypeKind};
use crate::policy::{Relation, Role};
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-interface-implementation-added",
    title: "A type implements a further interface",
    why: "Clients of the interface get objects of a type for which they have no case.",
    fix: "Make clients handle unknown types before the server gives this one.",
    answers: &["graphql-inspector:OBJECT_TYPE_INTERFACE_ADDED", "graphql-js:IMPLEMENTED_INTERFACE_ADDED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, owner: &'a TypeDef<'a>, interface: &'a NamedAt<'a>) {
    let query = if owner.kind == TypeKind::Object { cx.new.writer.fragment(Some(owner.name), interface.name) } else { None };
    let subject = Subject::new(Side::New, owner.name, "", interface.place);
    let message = format!("{} implements {} now", owner.name, interface.name);
    let found = Found::new(&RULE, subject, Effect::Tolerated(Role::Response, Relation::Widened), message).effect(Effect::Came);
    cx.push(found.change(format!("implements {} added", interface.name)).witness(Side::New, query));
}
