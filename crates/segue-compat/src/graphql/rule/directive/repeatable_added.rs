//! A directive may be repeated
//!
//! # What it checks
//!
//! The word `repeatable` came to a definition.
//!
//! # Why it breaks
//!
//! A new operation that repeats the directive is refused by the old server.
//!
//! # Safe path
//!
//! Deploy the server everywhere before an operation repeats it.
//!
//! # Example
//!
//! ```graphql
//! - directive @tag(name: String) on FIELD
//! + directive @tag(name: String) repeatable on FIELD
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::DirectiveDef;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-directive-repeatable-added",
    title: "A directive may be repeated",
    why: "A new operation that repeats the directive is refused by the old server.",
    fix: "Deploy the server everywhere before an operation repeats it.",
    answers: &["graphql-inspector:DIRECTIVE_REPEATABLE_ADDED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, was: &'a DirectiveDef<'a>, is: &'a DirectiveDef<'a>) {
    let subject = Subject::directive(Side::New, is.name, "", is.place);
    let effect = if was.is_executable() { Effect::Came } else { Effect::Note(Severity::Info) };
    let message = format!("{} may be repeated now", subject.object());
    let query = cx.new.writer.directive(is.name, None, None, 2);
    cx.push(Found::new(&RULE, subject, effect, message).change("repeatable added").witness(Side::New, query));
}
