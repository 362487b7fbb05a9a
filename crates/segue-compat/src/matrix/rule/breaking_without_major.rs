//! A breaking change under a version number that promises none
//!
//! # What it checks
//! For versions that call themselves by semantic versions: whether one that breaks clients of the one before it raises
//! the major number, or before 1.0.0 the minor one (before 0.1.0 the patch).
//!
//! # Why it breaks
//! Clients and their tools take a new minor or patch version without looking: that is what the number promises. They
//! break on the day on which it is published.
//!
//! # Safe path
//! Take the breaking change back and deprecate first, or publish under the next major version and keep answering the
//! old one until its clients have moved.
//!
//! # Example
//! `openapi-1.4.0.yaml` has `GET /orders`, `openapi-1.5.0.yaml` has not: that needs 2.0.0.
//!
//! Tests: `tests/it/matrix.rs`.

use crate::rule::Rule;

/// The rule.
pub static RULE: Rule = Rule {
    id: "semver-breaking-without-major",
    title: "A breaking change under a version number that promises none",
    why: "Clients and their tools take a new minor or patch version without looking, and break on the day it is published.",
    fix: "Take the breaking change back and deprecate first, or publish it under the next major version and keep answering the old one.",
    answers: &[],
};
