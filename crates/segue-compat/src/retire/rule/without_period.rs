//! Something is taken away before its notice is over
//!
//! # What it checks
//! Whether the removal lies at least as many weeks after the first day of the deprecation as the profile gives clients.
//!
//! # Why it breaks
//! Clients that were told have no time to move. Their next release comes after the day on which they fail.
//!
//! # Safe path
//! Move the removal, or begin earlier. Where it must be so soon, agree on it with each client that still calls.
//!
//! # Example
//! Deprecation on 2027-01-11, removal on 2027-02-01, profile `doc003`: 3 weeks of 16.
//!
//! Tests: `tests/it/retire.rs`.

use segue_model::check::CheckFinding;
use segue_model::check::retire::Operation;
use segue_model::finding::Severity;

use super::super::Asked;
use super::super::calendar::Timeline;
use crate::rule::Rule;

/// The rule.
pub static RULE: Rule = Rule {
    id: "retire-without-period",
    title: "Something is taken away before its notice is over",
    why: "Clients that were told have no time to move: they fail before their next release.",
    fix: "Move the removal, or begin earlier.",
    answers: &[],
};

pub(in crate::retire) fn findings(operations: &[Operation], timeline: &Timeline, asked: &Asked<'_>) -> Option<CheckFinding> {
    let needed = asked.profile.weeks();
    let days = timeline.days();
    if operations.is_empty() || i64::from(days) >= i64::from(needed) * 7 {
        return None;
    }
    let given = if days < 0 { "before the first day of the deprecation".to_owned() } else { format!("{days} days after the first day") };
    let message =
        format!("the removal on {} lies {given}, and profile {} gives clients {needed} weeks", timeline.removal, asked.profile.name);
    Some(super::finding(&RULE, Severity::High, "removal", message))
}
