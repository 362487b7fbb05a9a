//! A header of limits is not sent any more.
//!
//! # What it checks
//!
//! `Retry-After`, `RateLimit-*` or `X-RateLimit-*` that only the old document has.
//!
//! # Why it breaks
//!
//! Clients that slow down by it do not slow down any more: they run into the limit and are shut out.
//!
//! # Safe path
//!
//! Keep sending it; a new name beside the old one.
//!
//! # Example
//!
//! ```yaml
//! # old; new: gone
//! headers:
//!   Retry-After: {schema: {type: integer}}
//! ```

use crate::openapi::found::{DEPLOY, Found, Said};
use crate::openapi::habits;
use crate::openapi::model::Response;
use crate::openapi::pair::{MediaMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-rate-limit-header-removed",
    title: "A header of limits is not sent any more",
    why: "Clients that slow down by it do not slow down any more: they run into the limit and are shut out.",
    fix: "Keep sending it; a new name beside the old one.",
    answers: &["oasdiff:required-response-header-removed", "oasdiff:optional-response-header-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, status: &str, (old, new): (&Response, &Response), _types: &MediaMatch<'_>) {
    for (name, header) in old
        .headers
        .iter()
        .filter(|(name, _)| !new.headers.contains_key(*name) && habits::header_kind(name) == Some(habits::HeaderKind::Limit))
    {
        let anchor = scene.lost(&header.anchor, &format!("responses/{status}/headers/{name}"));
        let said = Said::new(
            &RULE,
            scene.old.side,
            &anchor,
            format!("`{}` is not sent any more: clients cannot tell when to slow down", header.name),
        )
        .change("removed")
        .breaks(DEPLOY);
        found.say(&scene.user, if header.required { said } else { said.tolerated() });
    }
}
