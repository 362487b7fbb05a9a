//! A suppression suppresses nothing
//!
//! # What it checks
//! Whether an entry of `segue-ignore.yaml`, or a mark in the new side's files, names a finding that is not there.
//!
//! # Why it breaks
//! It breaks nothing today. One day it may hide another finding of the same rule, which nobody looked at.
//!
//! # Safe path
//! Take it out. If it should have matched, compare rule, object and file with `segue check --format json`.
//!
//! # Example
//! ```yaml
//! - {id: 0123456789abcdef01234567, reason: was mended in May}
//! ```
//!
//! Tests: `tests/it/ignore.rs`.

use crate::rule::Rule;

/// The rule.
pub static RULE: Rule = Rule {
    id: "ignore-unused",
    title: "A suppression suppresses nothing",
    why: "One day it may hide another finding, which nobody looked at.",
    fix: "Take it out, or compare its rule, object and file with `segue check --format json`.",
    answers: &[],
};
