//! The runbook as a document for scripts.
//!
//! The same sheets as the other exports. Tests: `tests/it/runbook_exports.rs`.

use segue_model::plan::Plan;
use serde_json::{Value, json};

use super::curve::curve;
use super::readiness::readiness;
use super::sheet::sheets;

/// The document; `kind` is `runbook`.
pub fn json(plan: &Plan) -> Value {
    json!({
        "format_version": 1,
        "segue": plan.segue,
        "kind": "runbook",
        "plan": plan.digest,
        "id": plan.id,
        "name": plan.name,
        "readiness": readiness(plan),
        "needed_before_start": plan.program.needed,
        "phases": sheets(plan),
        "cost_of_going_back": curve(plan),
        "triggers": plan.program.triggers.iter().map(trigger).collect::<Vec<_>>(),
        "checklists": plan.program.checklists,
    })
}

fn trigger(trigger: &segue_model::plan::program::RollbackTrigger) -> Value {
    json!({
        "when": trigger.when.to_string(), "action": trigger.action, "order": trigger.order, "phases": trigger.phases,
        "measured_by": trigger.measured_by, "from": trigger.from,
    })
}
