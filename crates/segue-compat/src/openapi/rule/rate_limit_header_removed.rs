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

use super::header_gone;
use crate::openapi::found::Found;
use crate::openapi::habits::HeaderKind;
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
    header_gone::check(found, scene, status, (old, new), &RULE, (HeaderKind::Limit, "clients cannot tell when to slow down"));
}
