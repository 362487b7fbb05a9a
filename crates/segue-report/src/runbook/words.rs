//! Gates, times and conditions in words, the same in every export.
//!
//! Tests: `tests/it/runbook_exports.rs`.

use segue_model::plan::{Condition, Estimate, Gate};
use segue_model::units::Millis;

use crate::plan::say;

/// A gate: what is asked, what decides, and its id.
pub(crate) fn gate(gate: &Gate) -> String {
    let asked = match &gate.condition {
        Condition::Approval => "an approval".to_owned(),
        Condition::Approvals { by, count } => format!("{count} of {} say yes", by.join(", ")),
        Condition::Checklist { list } => format!("checklist `{list}` is done"),
        Condition::Check { name } => format!("check `{name}` gives the same on both sides"),
        Condition::Metric { condition } => format!("`{condition}`"),
        Condition::RowsRejected { table } => format!("0 rows of {table} kept aside"),
        Condition::Waited { since, at_least_ms } => format!("{} after `{since}`", Millis(*at_least_ms)),
    };
    let what = gate.what.trim();
    if what.is_empty() { format!("{asked} (gate `{}`)", gate.id) } else { format!("{what}: {asked} (gate `{}`)", gate.id) }
}

/// A time with its source, or that nobody knows it.
pub(crate) fn time(estimate: Option<&Estimate>, unknown: &str) -> String {
    match estimate {
        Some(estimate) if estimate.from.is_empty() => say::time(estimate.seconds),
        Some(estimate) => format!("{} ({})", say::time(estimate.seconds), estimate.from),
        None => unknown.to_owned(),
    }
}
