//! A directive on a definition changed
//!
//! # What it checks
//!
//! Directives on types, fields, arguments, values and the schema that no other rule knows.
//!
//! # Why it breaks
//!
//! Clients do not see them. What a server or gateway does with them may be seen; the schema does not say.
//!
//! # Safe path
//!
//! Look up what your server does with the directive.
//!
//! # Example
//!
//! ```graphql
//! -   total: Int
//! +   total: Int @tag(name: "public")
//! ```

use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-directive-use-changed",
    title: "A directive on a definition changed",
    why: "Clients do not see it; what the server does with it may be seen.",
    fix: "",
    answers: &[
        "graphql-inspector:DIRECTIVE_USAGE_UNION_MEMBER_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_UNION_MEMBER_REMOVED",
        "graphql-inspector:DIRECTIVE_USAGE_ENUM_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_ENUM_REMOVED",
        "graphql-inspector:DIRECTIVE_USAGE_ENUM_VALUE_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_ENUM_VALUE_REMOVED",
        "graphql-inspector:DIRECTIVE_USAGE_INPUT_OBJECT_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_INPUT_OBJECT_REMOVED",
        "graphql-inspector:DIRECTIVE_USAGE_FIELD_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_FIELD_REMOVED",
        "graphql-inspector:DIRECTIVE_USAGE_SCALAR_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_SCALAR_REMOVED",
        "graphql-inspector:DIRECTIVE_USAGE_OBJECT_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_OBJECT_REMOVED",
        "graphql-inspector:DIRECTIVE_USAGE_INTERFACE_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_INTERFACE_REMOVED",
        "graphql-inspector:DIRECTIVE_USAGE_ARGUMENT_DEFINITION_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_ARGUMENT_DEFINITION_REMOVED",
        "graphql-inspector:DIRECTIVE_USAGE_SCHEMA_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_SCHEMA_REMOVED",
        "graphql-inspector:DIRECTIVE_USAGE_FIELD_DEFINITION_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_FIELD_DEFINITION_REMOVED",
        "graphql-inspector:DIRECTIVE_USAGE_INPUT_FIELD_DEFINITION_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_INPUT_FIELD_DEFINITION_REMOVED",
        "graphql-inspector:DIRECTIVE_USAGE_ARGUMENT_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_ARGUMENT_REMOVED",
    ],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: &Subject<'a>, was: &[String], is: &[String]) {
    let (was, is) = (super::shown(was), super::shown(is));
    let message = format!("the directives of {} changed: {was} became {is}", subject.object());
    let found = Found::new(&RULE, subject.clone(), Effect::Note(Severity::Info), message).always();
    cx.push(found.change(format!("use {was} -> {is}")));
}
