//! A suppression cannot be read
//!
//! # What it checks
//! Whether a mark `segue-ignore` in a comment has a rule, at most a day, and a reason behind `: `.
//!
//! # Why it breaks
//! It suppresses nothing, and whoever wrote it believes that it does. Without a reason nobody can ever take it out.
//!
//! # Safe path
//! Write `segue-ignore RULE: reason` or `segue-ignore RULE until=2027-01-31: reason`.
//!
//! # Example
//! ```yaml
//! # segue-ignore response-body-property-removed until=2027-01-31: no client reads it, see the access log of May
//! ```
//!
//! Tests: `tests/it/ignore.rs`.

use crate::rule::Rule;

/// The rule.
pub static RULE: Rule = Rule {
    id: "ignore-without-reason",
    title: "A suppression cannot be read",
    why: "It suppresses nothing, and whoever wrote it believes that it does.",
    fix: "Write `segue-ignore RULE: reason` or `segue-ignore RULE until=2027-01-31: reason`.",
    answers: &[],
};
