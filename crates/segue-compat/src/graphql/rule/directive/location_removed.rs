//! A directive may not stand at a place any more
//!
//! # What it checks
//!
//! A location that the new definition does not have. Locations in type definitions are only noted.
//!
//! # Why it breaks
//!
//! An operation that has the directive there is refused.
//!
//! # Safe path
//!
//! Keep the location until no operation has the directive there.
//!
//! # Example
//!
//! ```graphql
//! - directive @live on QUERY | FIELD
//! + directive @live on QUERY
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::{DirectiveDef, EXECUTABLE_LOCATIONS, NamedAt};
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-directive-location-removed",
    title: "A directive may not stand at a place any more",
    why: "An operation that has the directive there is refused as a whole.",
    fix: "Keep the location until no operation has the directive there.",
    answers: &["graphql-inspector:DIRECTIVE_LOCATION_REMOVED", "graphql-js:DIRECTIVE_LOCATION_REMOVED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, was: &'a DirectiveDef<'a>, location: &'a NamedAt<'a>) {
    let subject = Subject::directive(Side::Old, was.name, "", location.place);
    let effect = if EXECUTABLE_LOCATIONS.contains(&location.name) { Effect::Gone } else { Effect::Note(Severity::Info) };
    let message = format!("{} may not stand on {} any more", subject.object(), location.name);
    let query = cx.old.writer.directive(was.name, Some(location.name), None, 1);
    cx.push(Found::new(&RULE, subject, effect, message).change(format!("location {} removed", location.name)).witness(Side::Old, query));
}
