//! A type was added
//!
//! # What it checks
//!
//! A type that the old side does not define.
//!
//! # Why it breaks
//!
//! Nothing of old clients can name it. A new client that does is refused by the old server after going back.
//!
//! # Safe path
//!
//! Deploy the server first, and let clients use the type when going back is no longer planned.
//!
//! # Example
//!
//! ```graphql
//! + type Coupon { code: String }
//! ```

use segue_model::check::Side;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::TypeDef;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-type-added",
    title: "A type was added",
    why: "A new client that names the type is refused by the old server.",
    fix: "Let clients use it when you do not plan to go back any more.",
    answers: &["graphql-inspector:TYPE_ADDED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, def: &'a TypeDef<'a>) {
    if cx.is_full(&RULE) {
        return;
    }
    let writer = &mut cx.new.writer;
    let query = if def.kind.is_composite() { writer.fragment(None, def.name) } else { writer.variable(def.name) };
    let subject = Subject::new(Side::New, def.name, "", def.place);
    let message = format!("{} ({}) was added", def.name, def.kind.a());
    cx.push(Found::new(&RULE, subject, Effect::Came, message).change("added").witness(Side::New, query));
}
