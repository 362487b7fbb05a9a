//! The plan's JSON document as in `docs/formats.md`: the plan's own fields, and around them what that format has for
//! every kind of migration in days, hours and words.
//!
//! Only adds: a plan read back from the document is the plan. Tests: `tests/it/plan.rs`, `tests/it/plan_kinds.rs`.

use segue_model::plan::program::{Quantiles, Spread};
use segue_model::plan::{Condition, Gate, Phase, Plan, Step};
use serde_json::{Map, Value, json};

use super::{dates, say};

/// The document.
pub fn plan_json(plan: &Plan) -> Value {
    let Ok(Value::Object(mut out)) = serde_json::to_value(plan) else {
        // A plan is made of maps with text keys: it always has a JSON form.
        return Value::Null;
    };
    let program = &plan.program;
    let cost = program.cost.as_ref().map(|cost| {
        let money = |money: &segue_model::spec::program::Money| money.hundredths as f64 / 100.0;
        json!({"p50": money(&cost.p50), "p80": money(&cost.p80), "currency": cost.p50.currency, "from": cost.from})
    });
    add(
        &mut out,
        json!({
            "downtime_s": say::downtime(plan).0.map(|ms| ms.div_ceil(1_000)), "start": program.start.map(dates::iso),
            "duration_days": program.duration.as_ref().map(|end| quantiles(end, days)),
            "effort_hours": program.effort.as_ref().map(|effort| quantiles(effort, hours)), "cost": cost,
            "risks": program.risks, "needed_before_start": program.needed, "checklists": program.checklists,
            "triggers": program.triggers.iter().map(trigger).collect::<Vec<_>>(), "comms": program.comms,
        }),
    );
    let places = places(plan);
    let owner = ["dba", "lead"].into_iter().find(|role| plan.execution.owners.contains_key(*role));
    for (at, phase) in plan.phases.iter().enumerate() {
        let previous = at.checked_sub(1).and_then(|at| plan.phases.get(at)).map(|phase| phase.name.as_str());
        let Some(Value::Object(value)) = out.get_mut("phases").and_then(|phases| phases.get_mut(at)) else { continue };
        let project = &phase.project;
        let serial = previous.filter(|_| plan.phases.iter().all(|other| other.project.after.is_empty()));
        let after = serial.map_or_else(|| project.after.clone(), |name| vec![name.to_owned()]);
        let owner = if project.owner.is_empty() { owner.map(str::to_owned) } else { Some(project.owner.clone()) };
        add(
            value,
            json!({
                "after": after, "start_day": places[at].0, "end_day": places[at].1, "owner": owner, "deliverables": project.deliverables,
                "end_days": project.ends.as_ref().map(|ends| quantiles(ends, days)),
                "tasks": project.tasks.iter().map(|task| json!({"do": task.what, "owner": task.owner, "hours": (task.minutes > 0).then(|| hours(task.minutes * 60)), "from": task.from})).collect::<Vec<_>>(),
                "estimate_hours": estimate(phase), "rollback": rollback(plan, phase),
            }),
        );
        steps(value, phase, previous);
        gates(value, "entry", &phase.entry);
        gates(value, "gates", &phase.gates);
    }
    Value::Object(out)
}

/// When each phase starts and ends, in days: as simulated, else one after the other by their machine time.
fn places(plan: &Plan) -> Vec<(Option<f64>, Option<f64>)> {
    let mut elapsed = 0;
    let place = |phase: &Phase| {
        let start = elapsed + phase.entry.iter().map(wait_seconds).sum::<u64>();
        elapsed = start + phase.estimate.seconds;
        match (phase.project.starts, phase.project.ends) {
            (Some(starts), Some(ends)) => (Some(days(starts.p50_s)), Some(days(ends.p50_s))),
            _ if plan.execution.is_nothing() => (None, None),
            _ => (Some(days(start)), Some(days(elapsed))),
        }
    };
    plan.phases.iter().map(place).collect()
}

fn quantiles(of: &Quantiles, unit: fn(u64) -> f64) -> Value {
    json!({"p5": unit(of.p5_s), "p50": unit(of.p50_s), "p80": unit(of.p80_s), "p95": unit(of.p95_s)})
}

fn estimate(phase: &Phase) -> Value {
    match &phase.project.work {
        Some(Spread { p5_s, p50_s, p95_s, from, confidence }) => {
            json!({"p5": hours(*p5_s), "p50": hours(*p50_s), "p95": hours(*p95_s), "from": from, "confidence": confidence})
        }
        None => json!({"p5": null, "p50": hours(phase.estimate.seconds), "p95": null, "from": phase.estimate.from}),
    }
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

fn trigger(one: &segue_model::plan::program::RollbackTrigger) -> Value {
    json!({
        "metric": one.when.metric, "side": one.when.side, "op": one.when.op, "value": one.when.value.to_string(), "for_s": one.when.for_ms / 1_000,
        "when": one.when.to_string(), "action": one.action, "order": one.order, "phases": one.phases, "from": one.from, "measured_by": one.measured_by,
    })
}

fn rollback(plan: &Plan, phase: &Phase) -> Value {
    let back = &phase.project.rollback;
    let watching = plan.program.triggers.iter().filter(|one| one.action == "rollback" && one.phases.contains(&phase.name));
    let possible = if say::is_final(phase) {
        "no"
    } else if say::loses(phase) {
        "with-loss"
    } else {
        "yes"
    };
    json!({
        "triggers": watching.map(|one| one.when.to_string()).collect::<Vec<_>>(), "possible": possible, "how": say::way_back(phase),
        "seconds": say::seconds_back(phase), "user_impact": if back.user_impact.is_empty() { "none" } else { &back.user_impact },
        "loses": say::lost(phase), "verify": back.verify,
    })
}

fn steps(value: &mut Map<String, Value>, phase: &Phase, previous: Option<&str>) {
    let Some(Value::Array(steps)) = value.get_mut("steps") else { return };
    let back = previous.map_or_else(|| "segue rollback".to_owned(), |name| format!("segue rollback --to {}", say::shell_word(name)));
    for (value, step) in steps.iter_mut().zip(&phase.steps) {
        let Value::Object(value) = value else { continue };
        let how_to_tell = if step.by == "run" {
            format!("`segue log` has step_verified of {}, with what an independent read saw", step.id)
        } else {
            step.outside.how_to_tell.clone()
        };
        add(value, json!({"command": step.outside.command.as_ref().map(|command| &command.text), "how_to_tell": how_to_tell}));
        if let Some(Value::Object(undo)) = value.get_mut("undo") {
            add(undo, undo_of(step, &back));
        }
    }
}

fn undo_of(step: &Step, back: &str) -> Value {
    let by_segue = (step.by == "run" && step.reversible != "no").then(|| back.to_owned());
    let command = step.undo.command.as_ref().map(|command| command.text.clone()).or(by_segue);
    let verify = if step.undo.verify.is_empty() && step.by == "run" { "segue verify" } else { &step.undo.verify };
    json!({"command": command, "seconds": step.undo.time.as_ref().map(|time| time.seconds), "verify": verify})
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
            Condition::Metric { condition } => json!({
                "metric": condition.metric, "side": condition.side, "op": condition.op, "value": condition.value.to_string(),
                "for_s": condition.for_ms / 1_000,
            }),
            Condition::Approvals { count, .. } => json!({"metric": "approvals", "op": ">=", "value": count, "for_s": 0}),
            Condition::Checklist { list } => json!({"metric": "checklist", "op": "==", "value": list, "for_s": 0}),
        };
        add(value, asked);
    }
}
