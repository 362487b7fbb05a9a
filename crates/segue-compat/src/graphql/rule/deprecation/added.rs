//! Something is deprecated now
//!
//! # What it checks
//!
//! `@deprecated` on a field, argument, input field or enum value that had none.
//!
//! # Why it breaks
//!
//! Nothing breaks. Somebody who uses it should know that it will go.
//!
//! # Safe path
//!
//! Tell who uses it, with the way on in the reason.
//!
//! # Example
//!
//! ```graphql
//!   type Order {
//! -   total: Int
//! +   total: Int @deprecated(reason: "Use amount")
//!   }
//! ```

use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-deprecation-added",
    title: "Something is deprecated now",
    why: "It is going to be removed; who uses it should know.",
    fix: "Tell who uses it, and name the way on in the reason.",
    answers: &[
        "graphql-inspector:FIELD_DEPRECATION_ADDED",
        "graphql-inspector:FIELD_DEPRECATION_REASON_ADDED",
        "graphql-inspector:FIELD_ARGUMENT_DEPRECATION_ADDED",
        "graphql-inspector:FIELD_ARGUMENT_DEPRECATION_REASON_ADDED",
        "graphql-inspector:INPUT_FIELD_DEPRECATION_ADDED",
        "graphql-inspector:INPUT_FIELD_DEPRECATION_REASON_ADDED",
        "graphql-inspector:ENUM_VALUE_DEPRECATION_REASON_ADDED",
    ],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: Subject<'a>) {
    let message = format!("{} is deprecated now", subject.object());
    cx.push(Found::new(&RULE, subject, Effect::Note(Severity::Info), message).change("is deprecated now"));
}
