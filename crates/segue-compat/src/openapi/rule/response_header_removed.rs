//! A header of a response was removed.
//!
//! # What it checks
//!
//! A header that only the old document has. Headers of limits, pages and caching have rules of their own.
//!
//! # Why it breaks
//!
//! Clients that read it find nothing.
//!
//! # Safe path
//!
//! Keep sending it.
//!
//! # Example
//!
//! ```yaml
//! # old; new: gone
//! headers:
//!   Location: {schema: {type: string}}
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::habits;
use crate::openapi::model::Response;
use crate::openapi::pair::{MediaMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-response-header-removed",
    title: "A header of a response was removed",
    why: "Clients that read it find nothing.",
    fix: "Keep sending it.",
    answers: &["oasdiff:required-response-header-removed", "oasdiff:optional-response-header-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, status: &str, (old, new): (&Response, &Response), _types: &MediaMatch<'_>) {
    for (name, header) in old.headers.iter().filter(|(name, _)| !new.headers.contains_key(*name) && habits::header_kind(name).is_none()) {
        let anchor = scene.lost(&header.anchor, &format!("responses/{status}/headers/{name}"));
        let said = Said::new(&RULE, scene.old.side, &anchor, format!("the header `{}` is not sent any more", header.name))
            .change("removed")
            .breaks(DEPLOY);
        found.say(&scene.user, if header.required { said } else { said.tolerated() });
    }
}
