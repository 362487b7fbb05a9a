//! Pages are asked for in another way.
//!
//! # What it checks
//!
//! Parameters of pagination went (`page`, `offset`) and others came (`cursor`, `page_token`).
//!
//! # Why it breaks
//!
//! Clients that count pages get the first one again and again; what they wrote does not fit the new way.
//!
//! # Safe path
//!
//! Take both for a while; answer the old one with the new one's link.
//!
//! # Example
//!
//! ```yaml
//! # old: page
//! parameters:
//!   - {name: cursor, in: query, schema: {type: string}}
//! ```

use crate::openapi::found::{BOTH, Found, Said};
use crate::openapi::habits;
use crate::openapi::model::Parameter;
use crate::openapi::pair::{ParameterMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-pagination-style-changed",
    title: "Pages are asked for in another way",
    why: "Clients that count pages get the first one again and again; what they wrote does not fit the new way.",
    fix: "Take both for a while; answer the old one with the new one's link.",
    answers: &["oasdiff:request-parameter-removed", "oasdiff:new-optional-request-parameter"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, matched: &ParameterMatch<'_>) {
    let names = |list: &[&Parameter]| -> Vec<String> {
        list.iter().filter(|one| habits::is_pagination(&one.name)).map(|one| format!("`{}`", one.name)).collect()
    };
    let (gone, came) = (names(&matched.removed), names(&matched.added));
    let Some(old) = matched.removed.iter().find(|old| habits::is_pagination(&old.name) && !old.life.deprecated) else { return };
    if !came.is_empty() {
        let anchor = scene.lost(&old.anchor, &format!("parameters/{}/{}", old.location.word(), old.name));
        let message = format!("pages were asked for by {}, and are by {} now", gone.join(", "), came.join(", "));
        found.say(&scene.user, Said::new(&RULE, scene.old.side, &anchor, message).breaks(BOTH));
    }
}
