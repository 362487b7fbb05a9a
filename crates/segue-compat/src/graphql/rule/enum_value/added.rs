//! A value of an enum was added
//!
//! # What it checks
//!
//! A value that the old side does not have, by where the enum stands.
//!
//! # Why it breaks
//!
//! Clients get a value that they do not know; a client with a closed list of values fails on it. A new client that
//! gives it is refused by the old server.
//!
//! # Safe path
//!
//! Let clients treat an unknown value as such before the server gives it, or give it only to clients that ask for it by
//! an argument.
//!
//! # Example
//!
//! ```graphql
//!   enum Status {
//!     OPEN
//! +   PENDING
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
    id: "graphql-enum-value-added",
    title: "A value of an enum was added",
    why: "Clients with a closed list of values fail on one that they do not know.",
    fix: "Make clients take unknown values before the server gives this one.",
    answers: &["graphql-inspector:ENUM_VALUE_ADDED", "graphql-js:VALUE_ADDED_TO_ENUM"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, owner: &'a TypeDef<'a>, value: &'a EnumValue<'a>, position: Position) {
    if cx.is_full(&RULE) {
        return;
    }
    let subject = Subject::new(Side::New, owner.name, value.name, value.place);
    let query = if position.input { cx.new.writer.enum_value(owner.name, value.name) } else { None };
    let message = format!("{} was added", subject.object());
    let effect = if position.input { Effect::Came } else { Effect::Note(Severity::Info) };
    let mut found = Found::new(&RULE, subject, effect, message).change("added").witness(Side::New, query);
    if position.output {
        found = found.effect(Effect::Tolerated(Role::Response, Relation::Widened));
    }
    cx.push(found);
}
