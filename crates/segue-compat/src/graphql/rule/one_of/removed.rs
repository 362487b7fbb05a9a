//! An input may have any number of fields now
//!
//! # What it checks
//!
//! `@oneOf` went from an input object.
//!
//! # Why it breaks
//!
//! Old clients go on giving exactly one. A new client that gives none or several is refused by the old server.
//!
//! # Safe path
//!
//! Let clients give more when the server is deployed everywhere.
//!
//! # Example
//!
//! ```graphql
//! - input Find @oneOf { id: ID name: String }
//! + input Find { id: ID name: String }
//! ```

use segue_model::check::Side;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::policy::{Relation, Role};
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-one-of-removed",
    title: "An input may have any number of fields now",
    why: "A new client that gives none or several fields is refused by the old server.",
    fix: "Let clients give more when you do not plan to go back any more.",
    answers: &["graphql-inspector:DIRECTIVE_USAGE_INPUT_OBJECT_REMOVED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: Subject<'a>) {
    let query = cx.new.writer.least_input(subject.owner);
    let message = format!("any number of fields of {} may be given now", subject.object());
    let found = Found::new(&RULE, subject, Effect::Values(Role::Request, Relation::Widened), message);
    cx.push(found.change("oneOf removed").witness(Side::New, query));
}
