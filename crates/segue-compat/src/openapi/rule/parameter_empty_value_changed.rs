//! A parameter may, or may not, be empty.
//!
//! # What it checks
//!
//! `allowEmptyValue` of a parameter of the query changed.
//!
//! # Why it breaks
//!
//! Clients that send `?flag=` get 400 where it is not allowed any more.
//!
//! # Safe path
//!
//! Keep taking the empty value.
//!
//! # Example
//!
//! ```yaml
//! # old: allowEmptyValue: true
//! parameters:
//!   - {name: flag, in: query, allowEmptyValue: false}
//! ```

use crate::openapi::found::{DEPLOY, Found, ROLLBACK, Said};
use crate::openapi::model::Parameter;
use crate::openapi::pair::Scene;
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-parameter-empty-value-changed",
    title: "A parameter may, or may not, be empty",
    why: "Clients that send `?flag=` get 400 where it is not allowed any more.",
    fix: "Keep taking the empty value.",
    answers: &[],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, old: &Parameter, new: &Parameter) {
    let (what, breaks) = match (old.allow_empty, new.allow_empty) {
        (true, false) => ("may not be sent empty any more", DEPLOY),
        (false, true) => ("may be sent empty now", ROLLBACK),
        _ => return,
    };
    let message = format!("the {} parameter `{}` {what}", new.location.word(), new.name);
    let said = Said::new(&RULE, scene.new.side, &new.anchor, message).breaks(breaks);
    found.say(&scene.user, if new.allow_empty { said.additive() } else { said });
}
