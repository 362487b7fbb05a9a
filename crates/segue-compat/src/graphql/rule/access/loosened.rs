//! Access needs less now
//!
//! # What it checks
//!
//! A directive that decided who may ask went.
//!
//! # Why it breaks
//!
//! Nobody is refused. What was guarded is open: look whether that was meant.
//!
//! # Safe path
//!
//! Guard it in another way before the directive goes.
//!
//! # Example
//!
//! ```graphql
//! -   salary: Int @hasRole(role: HR)
//! +   salary: Int
//! ```

use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-access-loosened",
    title: "Access needs less now",
    why: "What was guarded is open now, as far as the schema says.",
    fix: "Look whether that was meant; guard it in another way first.",
    answers: &["graphql-inspector:DIRECTIVE_USAGE_FIELD_DEFINITION_REMOVED", "graphql-inspector:DIRECTIVE_USAGE_OBJECT_REMOVED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: Subject<'a>, was: &str) {
    let message = format!("{} is not guarded by {was} any more", subject.object());
    cx.push(
        Found::new(&RULE, subject, Effect::Note(Severity::Critical), message).effect(Effect::Came).change(format!("access removed {was}")),
    );
}
