//! Something is hidden from clients now
//!
//! # What it checks
//!
//! `@inaccessible` came: the gateway leaves it out of the schema that clients see.
//!
//! # Why it breaks
//!
//! For clients that is a removal, though the definition still stands in the file.
//!
//! # Safe path
//!
//! Deprecate it first, and hide it when nobody asks for it.
//!
//! # Example
//!
//! ```graphql
//! -   note: String
//! +   note: String @inaccessible
//! ```

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-hidden",
    title: "Something is hidden from clients now",
    why: "The gateway leaves it out: for clients that is a removal.",
    fix: "Deprecate it first, and hide it when nobody asks for it.",
    answers: &["graphql-inspector:DIRECTIVE_USAGE_FIELD_DEFINITION_ADDED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: Subject<'a>) {
    let message = format!("{} is hidden from clients now (@inaccessible)", subject.object());
    cx.push(Found::new(&RULE, subject, Effect::Gone, message).change("inaccessible added"));
}
