//! A directive was added
//!
//! # What it checks
//!
//! A definition that the old side does not have.
//!
//! # Why it breaks
//!
//! A new operation with the directive is refused by the old server. One that no operation can have is only noted.
//!
//! # Safe path
//!
//! Deploy the server everywhere before an operation has it.
//!
//! # Example
//!
//! ```graphql
//! + directive @live on QUERY
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::DirectiveDef;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-directive-added",
    title: "A directive was added",
    why: "A new operation with the directive is refused by the old server.",
    fix: "Deploy the server everywhere before an operation has it.",
    answers: &["graphql-inspector:DIRECTIVE_ADDED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, is: &'a DirectiveDef<'a>) {
    let subject = Subject::directive(Side::New, is.name, "", is.place);
    let effect = if is.is_executable() { Effect::Came } else { Effect::Note(Severity::Info) };
    let message = format!("the directive {} was added", subject.object());
    let query = cx.new.writer.directive(is.name, None, None, 1);
    cx.push(Found::new(&RULE, subject, effect, message).change("added").witness(Side::New, query));
}
