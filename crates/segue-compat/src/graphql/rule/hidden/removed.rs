//! Something hidden is shown to clients now
//!
//! # What it checks
//!
//! `@inaccessible` went: the gateway shows it to clients.
//!
//! # Why it breaks
//!
//! Old clients do not ask for it; new ones that do are refused after going back. Look whether it was hidden for a
//! reason.
//!
//! # Safe path
//!
//! Deploy it everywhere before a client asks for it.
//!
//! # Example
//!
//! ```graphql
//! -   note: String @inaccessible
//! +   note: String
//! ```

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-shown",
    title: "Something hidden is shown to clients now",
    why: "New clients that ask for it are refused after going back.",
    fix: "Look whether it was hidden for a reason.",
    answers: &["graphql-inspector:DIRECTIVE_USAGE_FIELD_DEFINITION_REMOVED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: Subject<'a>) {
    let message = format!("{} is shown to clients now (it had @inaccessible)", subject.object());
    cx.push(Found::new(&RULE, subject, Effect::Came, message).change("inaccessible removed"));
}
