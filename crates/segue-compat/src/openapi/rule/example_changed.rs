//! An example says something else.
//!
//! # What it checks
//!
//! An example of the same name in both documents, with another value.
//!
//! # Why it breaks
//!
//! Nothing breaks by that. Examples show what people meant: one that changes by itself often stands for a behaviour that
//! changed.
//!
//! # Safe path
//!
//! Look whether the behaviour changed as well, and say so.
//!
//! # Example
//!
//! ```yaml
//! # old: {total: 12.5}
//! application/json:
//!   example: {total: '12.50'}
//! ```

use crate::openapi::found::{Found, Said};
use crate::openapi::habits;
use crate::openapi::model::Media;
use crate::openapi::pair::Scene;
use crate::policy::Role;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-example-changed",
    title: "An example says something else",
    why: "Nothing breaks by that. Examples show what people meant: one that changes by itself often stands for a behaviour that changed.",
    fix: "Look whether the behaviour changed as well, and say so.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Media, new: &Media, _: (Role, &str)) {
    for one in &old.examples {
        let Some(other) = new.examples.iter().find(|other| other.anchor.object == one.anchor.object) else { continue };
        if one.mark != other.mark && habits::example(scene.old_files, one) != habits::example(scene.new_files, other) {
            found.say(&scene.user, Said::new(&RULE, scene.new.side, &other.anchor, "the example says something else now"));
        }
    }
}
