//! The plan's JSON document as in `docs/formats.md`: the plan's own fields, and around them what that format has for
//! every kind of migration and a schema change leaves open.
//!
//! Only adds: a plan read back from the document is the plan. Tests: `tests/it/plan.rs`.

use segue_model::plan::{Condition, Gate, Phase, Plan};
use serde_json::{Map, Value, json};

/// The document.
pub fn plan_json(plan: &Plan) -> Value {
    let Ok(Value::Object(mut out)) = serde_json::to_value(plan) else {
        // A plan is made of maps with text keys: it always has a JSON form.
        return Value::Null;
    };
    add(
        &mut out,
        json!({
            "downtime_s": plan.pause_ms.div_ceil(1_000), "start": null, "duration_days": null, "effort_hours": null, "cost": null,
            "risks": [], "needed_before_start": [],
        }),
    );
    let mut elapsed = 0;
    let mut previous: Option<&str> = None;
    let owner = ["dba", "lead"].into_iter().find(|role| plan.execution.owners.contains_key(*role));
    for (at, phase) in plan.phases.iter().enumerate() {
        let waited = phase.entry.iter().map(wait_seconds).sum::<u64>();
        let start = elapsed + waited;
        elapsed = start + phase.estimate.seconds;
        let Some(Value::Object(value)) = out.get_mut("phases").and_then(|phases| phases.get_mut(at)) else { continue };
        add(
            value,
            json!({
                "after": previous.map_or_else(Vec::new, |name| vec![name]), "start_day": days(start), "end_day": days(elapsed),
                "owner": owner, "deliverables": [], "tasks": [],
                "estimate_hours": {"p5": null, "p50": hours(phase.estimate.seconds), "p95": null, "from": phase.estimate.from},
                "rollback": rollback(phase),
            }),
        );
        steps(value, phase, previous);
        gates(value, "entry", &phase.entry);
        gates(value, "gates", &phase.gates);
        previous = Some(&phase.name);
    }
    Value::Object(out)
}

fn add(map: &mut Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        for (key, value) in more {
            map.entry(key).or_insert(value);
        }
    }
}

fn wait_seconds(gate: &Gate) -> u64 {
    if let Condition::Waited { at_least_ms, .. } = gate.condition { at_least_ms.div_ceil(1_000) } else { 0 }
}

/// Days with four decimals.
fn days(seconds: u64) -> f64 {
    (seconds as f64 / 8.64).round() / 10_000.0
}

/// Hours with four decimals.
fn hours(seconds: u64) -> f64 {
    (seconds as f64 / 0.36).round() / 10_000.0
}

fn rollback(phase: &Phase) -> Value {
    let last = phase.steps.iter().find(|step| step.reversible == "no");
    let loses = last.or(phase.steps.first()).map_or("0 rows", |step| step.undo.loses.as_str());
    json!({"triggers": [], "seconds": null, "user_impact": "none", "loses": loses})
}

fn steps(value: &mut Map<String, Value>, phase: &Phase, previous: Option<&str>) {
    let Some(Value::Array(steps)) = value.get_mut("steps") else { return };
    let back = previous.map_or_else(|| "segue rollback".to_owned(), |name| format!("segue rollback --to {name}"));
    for (value, step) in steps.iter_mut().zip(&phase.steps) {
        let Value::Object(value) = value else { continue };
        let how_to_tell = format!("`segue log` has step_verified of {}, with what an independent read saw", step.id);
        add(value, json!({"command": null, "how_to_tell": how_to_tell}));
        if let Some(Value::Object(undo)) = value.get_mut("undo") {
            let command = (step.reversible != "no").then_some(&back);
            add(undo, json!({"command": command, "seconds": null, "verify": "segue verify"}));
        }
    }
}

fn gates(value: &mut Map<String, Value>, key: &str, gates: &[Gate]) {
    let Some(Value::Array(values)) = value.get_mut(key) else { return };
    for (value, gate) in values.iter_mut().zip(gates) {
        let Value::Object(value) = value else { continue };
        let asked = match &gate.condition {
            Condition::Approval => json!({"metric": "approval", "op": "==", "value": true, "for_s": 0}),
            Condition::RowsRejected { .. } => json!({"metric": "rows_rejected", "op": "==", "value": 0, "for_s": 0}),
            Condition::Waited { at_least_ms, .. } => json!({"metric": "waited_ms", "op": ">=", "value": at_least_ms, "for_s": 0}),
            Condition::Check { name } => json!({"metric": name, "op": "==", "value": "equal", "for_s": 0}),
        };
        add(value, asked);
    }
}
