//! A type was removed
//!
//! # What it checks
//!
//! A type that operations reach is not defined any more.
//!
//! # Why it breaks
//!
//! Fragments on it and variables of it are refused by validation before anything runs; whole operations fail, not only
//! the part that names it.
//!
//! # Safe path
//!
//! Deprecate every field and argument that leads to it, wait until nobody asks for them, remove them, and the type
//! last.
//!
//! # Example
//!
//! ```graphql
//! - type Coupon { code: String }
//! - type Order { coupon: Coupon }
//! + type Order { id: ID }
//! ```

use segue_model::check::Side;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::TypeDef;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-type-removed",
    title: "A type was removed",
    why: "Operations with a fragment on the type, or a variable of it, are refused as a whole.",
    fix: "Keep the type until the last field that leads to it was deprecated and is asked for by nobody.",
    answers: &["graphql-inspector:TYPE_REMOVED", "graphql-js:TYPE_REMOVED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, def: &'a TypeDef<'a>) {
    if cx.is_full(&RULE) {
        return;
    }
    let writer = &mut cx.old.writer;
    let query = if def.kind.is_composite() { writer.fragment(None, def.name) } else { writer.variable(def.name) };
    let subject = Subject::new(Side::Old, def.name, "", def.place);
    let message = format!("{} ({}) was removed", def.name, def.kind.a());
    cx.push(Found::new(&RULE, subject, Effect::Gone, message).change("removed").witness(Side::Old, query));
}
