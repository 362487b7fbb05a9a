//! A field was added
//!
//! # What it checks
//!
//! A field of an object or interface that the old side does not have.
//!
//! # Why it breaks
//!
//! Old clients do not ask for it. A new client that does is refused by the old server: during a rolling deployment, and
//! after going back.
//!
//! # Safe path
//!
//! Deploy the server everywhere before a client asks for the field.
//!
//! # Example
//!
//! ```graphql
//!   type Order {
//! +   note: String
//!   }
//! ```

use segue_model::check::Side;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::{Field, TypeDef};
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-field-added",
    title: "A field was added",
    why: "A new client that selects the field is refused by the old server.",
    fix: "Deploy the server everywhere before a client asks for it.",
    answers: &["graphql-inspector:FIELD_ADDED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, owner: &'a TypeDef<'a>, field: &'a Field<'a>) {
    if cx.is_full(&RULE) {
        return;
    }
    let query = cx.new.writer.field(owner.name, field.name);
    let subject = Subject::new(Side::New, owner.name, field.name, field.place);
    let message = format!("{} of type {} was added", subject.object(), field.gives);
    let change = format!("added {}", field.gives);
    cx.push(Found::new(&RULE, subject, Effect::Came, message).change(change).witness(Side::New, query));
}
