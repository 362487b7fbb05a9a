//! A scalar follows another specification
//!
//! # What it checks
//!
//! The `url` of `@specifiedBy`. That one was named first, or is named no more, is only noted.
//!
//! # Why it breaks
//!
//! The form of the values may be another one, and the schema does not say which. That cannot be decided here, and is
//! never called safe.
//!
//! # Safe path
//!
//! Add a scalar with another name for the new form, and fields that give it.
//!
//! # Example
//!
//! ```graphql
//! - scalar Time @specifiedBy(url: "https://example.org/rfc3339")
//! + scalar Time @specifiedBy(url: "https://example.org/epoch")
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::{TypeDef, used};
use crate::rule::Rule;
use crate::shape::Literal;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-scalar-specification-changed",
    title: "A scalar follows another specification",
    why: "The form of the values may be another one; a schema cannot tell.",
    fix: "Compare both specifications; for another form use a scalar with another name.",
    answers: &[
        "graphql-inspector:DIRECTIVE_USAGE_SCALAR_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_SCALAR_REMOVED",
        "graphql-inspector:DIRECTIVE_USAGE_ARGUMENT_ADDED",
        "graphql-inspector:DIRECTIVE_USAGE_ARGUMENT_REMOVED",
    ],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, old: &'a TypeDef<'a>, new: &'a TypeDef<'a>) {
    if !cx.old.schema.shows("specifiedBy") || !cx.new.schema.shows("specifiedBy") {
        return;
    }
    let url = |def: &'a TypeDef<'a>| match used(&def.uses, "specifiedBy").and_then(|one| one.argument("url")) {
        Some(Literal::Text(url)) => Some(&**url),
        _ => None,
    };
    let (was, is) = (url(old), url(new));
    if was == is {
        return;
    }
    let subject = Subject::new(Side::New, new.name, "", new.place);
    let name = new.name;
    let found = match (was, is) {
        (Some(_), Some(_)) => {
            let message = format!("the scalar {name} follows another specification; whether values have another form cannot be decided");
            Found::new(&RULE, subject, Effect::Note(Severity::Medium), message).undecided()
        }
        (None, _) => Found::new(&RULE, subject, Effect::Note(Severity::Info), format!("the scalar {name} names its specification now")),
        (_, None) => Found::new(&RULE, subject, Effect::Note(Severity::Info), format!("the scalar {name} names no specification any more")),
    };
    cx.push(found.change(format!("{} -> {}", was.unwrap_or("none"), is.unwrap_or("none"))));
}
