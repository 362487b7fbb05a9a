//! A directive may not be repeated any more
//!
//! # What it checks
//!
//! The word `repeatable` went from a definition. A directive that no operation can have is only noted.
//!
//! # Why it breaks
//!
//! An operation that has the directive twice at one place is refused.
//!
//! # Safe path
//!
//! Keep it repeatable until no operation repeats it.
//!
//! # Example
//!
//! ```graphql
//! - directive @tag(name: String) repeatable on FIELD
//! + directive @tag(name: String) on FIELD
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::DirectiveDef;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-directive-repeatable-removed",
    title: "A directive may not be repeated any more",
    why: "An operation that has the directive twice at one place is refused as a whole.",
    fix: "Keep it repeatable until no operation repeats it.",
    answers: &["graphql-inspector:DIRECTIVE_REPEATABLE_REMOVED", "graphql-js:DIRECTIVE_REPEATABLE_REMOVED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, was: &'a DirectiveDef<'a>, is: &'a DirectiveDef<'a>) {
    let subject = Subject::directive(Side::New, is.name, "", is.place);
    let effect = if was.is_executable() { Effect::Gone } else { Effect::Note(Severity::Info) };
    let message = format!("{} may not be repeated any more", subject.object());
    let query = cx.old.writer.directive(was.name, None, None, 2);
    cx.push(Found::new(&RULE, subject, effect, message).change("repeatable removed").witness(Side::Old, query));
}
