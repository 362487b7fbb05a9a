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

use super::header_gone;
use crate::openapi::found::Found;
use crate::openapi::habits::HeaderKind;
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
    header_gone::check(found, scene, status, (old, new), &RULE, (HeaderKind::Cache, "conditional requests do not work"));
}
