//! A directive was removed
//!
//! # What it checks
//!
//! A definition that the new side does not have. One that no operation can have is only noted.
//!
//! # Why it breaks
//!
//! An operation with the directive is refused.
//!
//! # Safe path
//!
//! Keep the definition without effect until no operation has it.
//!
//! # Example
//!
//! ```graphql
//! - directive @live on QUERY
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::DirectiveDef;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-directive-removed",
    title: "A directive was removed",
    why: "An operation with the directive is refused as a whole.",
    fix: "Keep the definition, without effect, until no operation has it.",
    answers: &["graphql-inspector:DIRECTIVE_REMOVED", "graphql-js:DIRECTIVE_REMOVED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, was: &'a DirectiveDef<'a>) {
    let subject = Subject::directive(Side::Old, was.name, "", was.place);
    let effect = if was.is_executable() { Effect::Gone } else { Effect::Note(Severity::Info) };
    let message = format!("the directive {} was removed", subject.object());
    let query = cx.old.writer.directive(was.name, None, None, 1);
    cx.push(Found::new(&RULE, subject, effect, message).change("removed").witness(Side::Old, query));
}
