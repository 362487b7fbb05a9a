//! Something is taken away and nothing takes its place
//!
//! # What it checks
//! Whether each operation that a change removes has a successor: one that the caller states, or the same method on the
//! same path under a higher version in the new contract.
//!
//! # Why it breaks
//! Clients cannot move to nothing. They stay until the last day, and then they fail.
//!
//! # Safe path
//! Name what takes its place, or keep the operation in the new contract. Where there is no need for it any more, say so
//! to the clients that still call it, one by one, and suppress this with that reason.
//!
//! # Example
//! `GET /reports` is in the old contract and in no form in the new one.
//!
//! Tests: `tests/it/retire.rs`.

use segue_model::check::CheckFinding;
use segue_model::check::retire::Operation;
use segue_model::finding::Severity;

use crate::rule::Rule;

/// The rule.
pub static RULE: Rule = Rule {
    id: "retire-without-alternative",
    title: "Something is taken away and nothing takes its place",
    why: "Clients cannot move to nothing: they stay until the last day, and then they fail.",
    fix: "Name what takes its place, or keep it in the new contract.",
    answers: &[],
};

pub(in crate::retire) fn findings(operations: &[Operation]) -> Vec<CheckFinding> {
    let alone = operations.iter().filter(|operation| operation.removed && operation.successor.is_none());
    alone.map(|one| super::finding(&RULE, Severity::High, &one.name, format!("`{}` goes, and no successor is named", one.name))).collect()
}
