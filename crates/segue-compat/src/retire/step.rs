//! The steps of a retirement in the words of the check's document: announce, soft, hard, remove for each operation.
//!
//! Tests: `tests/it/retire.rs`.

use segue_model::check::CheckStep;
use segue_model::check::retire::Retirement;

/// Operations that get steps of their own; a plan of more is read by its phases.
const OPERATIONS_MAX: usize = 200;

/// The steps, by phase and operation.
pub fn steps(retirement: &Retirement) -> Vec<CheckStep> {
    let day = |name: &str| retirement.phases.iter().find(|phase| phase.name == name).map_or("", |phase| phase.first.as_str());
    let (soft, hard, removal) = (day("soft"), day("hard"), day("removal"));
    let mut out = Vec::new();
    for phase in ["announce", "soft", "hard", "remove"] {
        for operation in retirement.operations.iter().take(OPERATIONS_MAX) {
            let name = &operation.name;
            let (verb, what) = match phase {
                "announce" => ("announce", format!("Tell the clients of `{name}` on {soft}: the date, the guide, what to do")),
                "soft" => ("deprecate", format!("Mark `{name}` as deprecated and send its headers from {soft}")),
                "hard" => ("refuse outside production", format!("Refuse the old form of `{name}` outside production from {hard}")),
                _ if operation.removed => ("remove", format!("Remove `{name}` on {removal}, when the hard phase's metrics hold")),
                _ => ("remove", format!("Stop answering the old form of `{name}` on {removal}, when the hard phase's metrics hold")),
            };
            out.push(CheckStep {
                id: format!("{verb} {name}"),
                phase: phase.to_owned(),
                what,
                by: "manual".to_owned(),
                change: None,
                command: None,
                finding: operation.changes.first().map(|change| change.finding.clone()),
            });
        }
    }
    out
}
