//! Access needs something else now
//!
//! # What it checks
//!
//! The arguments of a directive that decides who may ask.
//!
//! # Why it breaks
//!
//! Some clients may be refused, others let in; which ones, the schema cannot tell.
//!
//! # Safe path
//!
//! Compare the rights of the clients with both forms before deploying.
//!
//! # Example
//!
//! ```graphql
//! -   total: Int @hasRole(role: USER)
//! +   total: Int @hasRole(role: ADMIN)
//! ```

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-access-changed",
    title: "Access needs something else now",
    why: "Some clients may be refused now, others let in.",
    fix: "Compare the rights of your clients with both forms.",
    answers: &["graphql-inspector:DIRECTIVE_USAGE_ARGUMENT_ADDED", "graphql-inspector:DIRECTIVE_USAGE_ARGUMENT_REMOVED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: Subject<'a>, was: &str, is: &str) {
    let message = format!("{} is guarded by {is} instead of {was}", subject.object());
    cx.push(Found::new(&RULE, subject, Effect::Both, message).change(format!("access {was} -> {is}")));
}
