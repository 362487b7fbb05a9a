//! A header of caching is not sent any more.
//!
//! # What it checks
//!
//! `ETag`, `Last-Modified`, `Cache-Control`, `Expires` or `Vary` that only the old document has.
//!
//! # Why it breaks
//!
//! Conditional requests do not work any more: copies are loaded again and again, and writes guarded by `If-Match` overwrite
//! each other.
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
//!   ETag: {schema: {type: string}}
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::habits;
use crate::openapi::model::Response;
use crate::openapi::pair::{MediaMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-caching-header-removed",
    title: "A header of caching is not sent any more",
    why: "Conditional requests do not work any more: copies are loaded again and again, and writes guarded by `If-Match` overwrite each other.",
    fix: "Keep sending it.",
    answers: &["oasdiff:required-response-header-removed", "oasdiff:optional-response-header-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, status: &str, (old, new): (&Response, &Response), _types: &MediaMatch<'_>) {
    for (name, header) in old
        .headers
        .iter()
        .filter(|(name, _)| !new.headers.contains_key(*name) && habits::header_kind(name) == Some(habits::HeaderKind::Cache))
    {
        let anchor = scene.lost(&header.anchor, &format!("responses/{status}/headers/{name}"));
        let said =
            Said::new(&RULE, scene.old.side, &anchor, format!("`{}` is not sent any more: conditional requests do not work", header.name))
                .change("removed")
                .breaks(DEPLOY);
        found.say(&scene.user, if header.required { said } else { said.tolerated() });
    }
}
