//! Exactly one field of an input must be given now
//!
//! # What it checks
//!
//! `@oneOf` on an input object that had none.
//!
//! # Why it breaks
//!
//! Values with none or several fields, or with null in one, were fine and are refused.
//!
//! # Safe path
//!
//! Add another input object with `@oneOf` and an argument that takes it; deprecate the old argument.
//!
//! # Example
//!
//! ```graphql
//! - input Find { id: ID name: String }
//! + input Find @oneOf { id: ID name: String }
//! ```

use segue_model::check::Side;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::policy::{Relation, Role};
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-one-of-added",
    title: "Exactly one field of an input must be given now",
    why: "Values with none or several fields were fine and are refused.",
    fix: "Add another input object with @oneOf beside this one.",
    answers: &["graphql-inspector:DIRECTIVE_USAGE_INPUT_OBJECT_ADDED"],
};

pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: Subject<'a>) {
    let old = cx.old_name(subject.owner);
    let query = cx.old.writer.least_input(old);
    let message = format!("exactly one field of {} must be given now", subject.object());
    let found = Found::new(&RULE, subject, Effect::Values(Role::Request, Relation::Narrowed), message);
    cx.push(found.change("oneOf added").witness(Side::Old, query));
}
