//! A header of pagination is not sent any more.
//!
//! # What it checks
//!
//! `Link`, `X-Total-Count`, `X-Next-Page` and the like that only the old document has.
//!
//! # Why it breaks
//!
//! Clients that follow it take the first page for everything. Nothing fails visibly.
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
//!   Link: {schema: {type: string}}
//! ```

use super::header_gone;
use crate::openapi::found::Found;
use crate::openapi::habits::HeaderKind;
use crate::openapi::model::Response;
use crate::openapi::pair::{MediaMatch, Scene};
use crate::rule::Rule;

/// What a finding of it says.
pub(super) static RULE: Rule = Rule {
    id: "openapi-pagination-header-removed",
    title: "A header of pagination is not sent any more",
    why: "Clients that follow it take the first page for everything. Nothing fails visibly.",
    fix: "Keep sending it.",
    answers: &["oasdiff:required-response-header-removed", "oasdiff:optional-response-header-removed"],
};

pub(super) fn check(found: &mut Found<'_>, scene: &Scene<'_>, status: &str, (old, new): (&Response, &Response), _types: &MediaMatch<'_>) {
    header_gone::check(found, scene, status, (old, new), &RULE, (HeaderKind::Page, "clients do not find the next page"));
}
