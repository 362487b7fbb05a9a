//! Something is deprecated no more
//!
//! # What it checks
//!
//! `@deprecated` went from a field, argument, input field or enum value.
//!
//! # Why it breaks
//!
//! Nothing breaks. Who was told that it would go should be told that it stays.
//!
//! # Safe path
//!
//! Tell who was told before.
//!
//! # Example
//!
//! ```graphql
//!   type Order {
//! -   total: Int @deprecated(reason: "Use amount")
//! +   total: Int
//!   }
//! ```

use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-deprecation-removed",
    title: "Something is deprecated no more",
    why: "Who was told that it would go should be told that it stays.",
    fix: "",
    answers: &[
        "graphql-inspector:FIELD_DEPRECATION_REMOVED",
        "graphql-inspector:FIELD_DEPRECATION_REASON_REMOVED",
        "graphql-inspector:FIELD_ARGUMENT_DEPRECATION_REMOVED",
        "graphql-inspector:FIELD_ARGUMENT_DEPRECATION_REASON_REMOVED",
        "graphql-inspector:INPUT_FIELD_DEPRECATION_REMOVED",
        "graphql-inspector:INPUT_FIELD_DEPRECATION_REASON_REMOVED",
        "graphql-inspector:ENUM_VALUE_DEPRECATION_REASON_REMOVED",
    ],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: Subject<'a>) {
    let message = format!("{} is deprecated no more", subject.object());
    cx.push(Found::new(&RULE, subject, Effect::Note(Severity::Info), message).change("is deprecated no more"));
}
