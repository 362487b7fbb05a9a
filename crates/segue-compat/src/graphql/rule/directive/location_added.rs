//! A directive may stand at a further place
//!
//! # What it checks
//!
//! A location that the old definition does not have.
//!
//! # Why it breaks
//!
//! A new operation that has the directive there is refused by the old server.
//!
//! # Safe path
//!
//! Deploy the server everywhere before an operation has it there.
//!
//! # Example
//!
//! ```graphql
//! - directive @live on QUERY
//! + directive @live on QUERY | FIELD
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::{DirectiveDef, EXECUTABLE_LOCATIONS, NamedAt};
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-directive-location-added",
    title: "A directive may stand at a further place",
    why: "A new operation that has the directive there is refused by the old server.",
    fix: "Deploy the server everywhere before an operation has it there.",
    answers: &["graphql-inspector:DIRECTIVE_LOCATION_ADDED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, is: &'a DirectiveDef<'a>, location: &'a NamedAt<'a>) {
    let subject = Subject::directive(Side::New, is.name, "", location.place);
    let effect = if EXECUTABLE_LOCATIONS.contains(&location.name) { Effect::Came } else { Effect::Note(Severity::Info) };
    let message = format!("{} may stand on {} now", subject.object(), location.name);
    let query = cx.new.writer.directive(is.name, Some(location.name), None, 1);
    cx.push(Found::new(&RULE, subject, effect, message).change(format!("location {} added", location.name)).witness(Side::New, query));
}
