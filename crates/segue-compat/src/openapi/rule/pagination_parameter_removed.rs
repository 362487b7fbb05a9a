//! A parameter of pagination was removed.
//!
//! # What it checks
//!
//! A parameter such as `page`, `limit`, `offset` or `cursor` that the new document does not have, without another kind of
//! pagination in its place.
//!
//! # Why it breaks
//!
//! Clients that walk through the pages get the first one again and again, or everything at once.
//!
//! # Safe path
//!
//! Keep it and deprecate it, or answer 400 so that nobody loops.
//!
//! # Example
//!
//! ```yaml
//! # old; new: gone
//! parameters:
//!   - {name: page, in: query, schema: {type: integer}}
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::habits;
use crate::openapi::pair::{ParameterMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-pagination-parameter-removed",
    title: "A parameter of pagination was removed",
    why: "Clients that walk through the pages get the first one again and again, or everything at once.",
    fix: "Keep it and deprecate it, or answer 400 so that nobody loops.",
    answers: &["oasdiff:request-parameter-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &ParameterMatch<'_>) {
    let replaced = matched.added.iter().any(|new| habits::is_pagination(&new.name));
    for old in matched.removed.iter().filter(|old| habits::is_pagination(&old.name) && !old.life.deprecated && !replaced) {
        let anchor = scene.lost(&old.anchor, &format!("parameters/{}/{}", old.location.word(), old.name));
        let message = format!("`{}` does not page any more", old.name);
        found.say(&scene.user, Said::new(&RULE, scene.old.side, &anchor, message).change("removed").breaks(DEPLOY));
    }
}
