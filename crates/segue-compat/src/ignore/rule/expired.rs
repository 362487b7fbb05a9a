//! A suppression has ended
//!
//! # What it checks
//! Whether an entry of `segue-ignore.yaml`, or a mark in a file, has an `until` that lies before today and would still
//! suppress something.
//!
//! # Why it breaks
//! Somebody accepted the finding up to a day, and that day is over. The finding counts again from the next day on.
//!
//! # Safe path
//! Do what the finding asks for. If it must wait longer, decide that anew: give a new day and say why.
//!
//! # Example
//! ```yaml
//! - {rule: openapi-operation-removed, reason: the last client moves in January, until: 2027-01-31}
//! ```
//!
//! Tests: `tests/it/ignore.rs`.

use crate::rule::Rule;

/// The rule.
pub static RULE: Rule = Rule {
    id: "ignore-expired",
    title: "A suppression has ended",
    why: "Somebody accepted this up to a day, and that day is over: the finding counts again.",
    fix: "Do what the finding asks for, or decide anew: a later `until`, with its reason.",
    answers: &[],
};
