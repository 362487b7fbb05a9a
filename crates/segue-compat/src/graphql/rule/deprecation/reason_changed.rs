//! The reason of a deprecation changed
//!
//! # What it checks
//!
//! The `reason` of `@deprecated`.
//!
//! # Why it breaks
//!
//! Nothing breaks. The reason is what people read for the way on.
//!
//! # Safe path
//!
//! Nothing to do.
//!
//! # Example
//!
//! ```graphql
//! -   total: Int @deprecated(reason: "Old")
//! +   total: Int @deprecated(reason: "Use amount")
//! ```

use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-deprecation-reason-changed",
    title: "The reason of a deprecation changed",
    why: "The reason names the way on for who uses it.",
    fix: "",
    answers: &[
        "graphql-inspector:FIELD_DEPRECATION_REASON_CHANGED",
        "graphql-inspector:FIELD_ARGUMENT_DEPRECATION_REASON_CHANGED",
        "graphql-inspector:INPUT_FIELD_DEPRECATION_REASON_CHANGED",
        "graphql-inspector:ENUM_VALUE_DEPRECATION_REASON_CHANGED",
    ],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: Subject<'a>) {
    let message = format!("{} is deprecated for another reason", subject.object());
    cx.push(Found::new(&RULE, subject, Effect::Note(Severity::Info), message).change("is deprecated for another reason"));
}
