//! A value of an enum was removed
//!
//! # What it checks
//!
//! A value that the new side does not have, by where the enum stands: in what clients give, in what they get, or both.
//!
//! # Why it breaks
//!
//! Given by a client, the value is refused and the operation with it. Only got from the server, its going is no harm;
//! after going back, new clients meet it again.
//!
//! # Safe path
//!
//! Deprecate the value, take it as long as clients give it, and remove it then.
//!
//! # Example
//!
//! ```graphql
//!   enum Status {
//!     OPEN
//! -   PENDING
//!   }
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::reach::Position;
use crate::graphql::schema::{EnumValue, TypeDef, is_deprecated};
use crate::policy::{Relation, Role};
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-enum-value-removed",
    title: "A value of an enum was removed",
    why: "An operation that gives the value is refused; where it is only given by the server, new clients may meet it after going back.",
    fix: "Deprecate the value and take it until nobody gives it.",
    answers: &["graphql-inspector:ENUM_VALUE_REMOVED", "graphql-js:VALUE_REMOVED_FROM_ENUM"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, owner: &'a TypeDef<'a>, value: &'a EnumValue<'a>, position: Position) {
    if cx.is_full(&RULE) {
        return;
    }
    let subject = Subject::new(Side::Old, owner.name, value.name, value.place);
    let query = if position.input { cx.old.writer.enum_value(owner.name, value.name) } else { None };
    let before = is_deprecated(&value.uses);
    let message = format!("{} was removed{}", subject.object(), if before { "; it was deprecated before" } else { "" });
    let effect = if position.input { Effect::Values(Role::Request, Relation::Narrowed) } else { Effect::Note(Severity::Info) };
    let mut found = Found::new(&RULE, subject, effect, message).change("removed").witness(Side::Old, query);
    if position.output {
        found = found.effect(Effect::Tolerated(Role::Response, Relation::Narrowed));
    }
    if before {
        found = found.at_most(Severity::Medium);
    }
    cx.push(found);
}
