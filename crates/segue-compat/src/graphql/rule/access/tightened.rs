//! Access needs more now
//!
//! # What it checks
//!
//! A directive that decides who may ask came: `@authenticated`, `@requiresScopes`, `@policy`, `@auth`, `@hasRole` and
//! their like.
//!
//! # Why it breaks
//!
//! Clients without what it asks for get errors or null where they got data.
//!
//! # Safe path
//!
//! Give clients what they will need first, watch who would be refused, and ask for it then.
//!
//! # Example
//!
//! ```graphql
//! -   total: Int
//! +   total: Int @requiresScopes(scopes: [["order:read"]])
//! ```

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-access-tightened",
    title: "Access needs more now",
    why: "Clients without what it asks for get errors or null where they got data.",
    fix: "Give clients the rights first, count who would be refused, and ask for them then.",
    answers: &["graphql-inspector:DIRECTIVE_USAGE_FIELD_DEFINITION_ADDED", "graphql-inspector:DIRECTIVE_USAGE_OBJECT_ADDED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: Subject<'a>, is: &str) {
    let message = format!("{} asks for more rights now: {is}", subject.object());
    cx.push(Found::new(&RULE, subject, Effect::Gone, message).change(format!("access added {is}")));
}
