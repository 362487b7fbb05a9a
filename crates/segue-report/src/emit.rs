//! The plan under the keys of the planner script that comes with requirement document 000, so that a pipeline which
//! reads those can read Segue's plans.
//!
//! A stable subset: keys are never renamed or removed. Values are the plan's own; what the plan does not know is left
//! out of lists, or is `null`, never made up. Tests: `tests/it/emit.rs`.

use segue_model::plan::{Condition, Gate, Phase, Plan, Step};
use segue_model::units::Millis;
use serde_json::{Value, json};

/// The document. `day` is the day on which it was planned, `2027-01-11`.
pub fn claude_skills_json(plan: &Plan, day: &str) -> Value {
    let aspect = |pick: fn(&segue_model::plan::program::Aspect) -> &str| {
        plan.program.overview.first().map_or_else(|| Value::Null, |aspect| Value::from(pick(aspect)))
    };
    let stakeholders: std::collections::BTreeSet<&str> = plan
        .program
        .owners
        .keys()
        .map(String::as_str)
        .chain(plan.phases.iter().map(|phase| phase.project.owner.as_str()))
        .chain(plan.program.comms.iter().map(|told| told.audience.as_str()))
        .filter(|name| !name.is_empty())
        .collect();
    json!({
        "migration_id": plan.id,
        "source_system": aspect(|aspect| &aspect.current),
        "target_system": aspect(|aspect| &aspect.target),
        "migration_type": plan.kinds.join("+"),
        "complexity": plan.risk,
        "estimated_duration_hours": plan.program.duration.map(|duration| duration.p50_s.div_ceil(3_600)),
        "phases": plan.phases.iter().map(|phase| phase_json(plan, phase)).collect::<Vec<_>>(),
        "risks": plan.program.risks.iter().map(risk_json).collect::<Vec<_>>(),
        "success_criteria": plan.phases.iter().flat_map(|phase| &phase.gates).map(asked).collect::<Vec<_>>(),
        "rollback_plan": rollback_json(plan),
        "stakeholders": stakeholders,
        "created_at": day,
    })
}

fn phase_json(plan: &Plan, phase: &Phase) -> Value {
    let hours = phase.project.work.as_ref().map_or(phase.estimate.seconds, |work| work.p50_s).div_ceil(3_600);
    let tasks: Vec<&str> =
        phase.project.tasks.iter().map(|task| task.what.as_str()).chain(phase.steps.iter().map(|step: &Step| step.what.as_str())).collect();
    let resources: std::collections::BTreeSet<&str> = phase
        .project
        .loads
        .iter()
        .map(|load| load.who.as_str())
        .chain([phase.project.owner.as_str()])
        .filter(|who| !matches!(*who, "" | "nobody"))
        .collect();
    json!({
        "name": phase.name,
        "description": phase.goal,
        "duration_hours": hours,
        "dependencies": phase.project.after,
        "validation_criteria": phase.entry.iter().chain(&phase.gates).map(asked).collect::<Vec<_>>(),
        "rollback_triggers": triggers(plan, &phase.name),
        "tasks": tasks,
        "risk_level": phase.risk,
        "resources_required": resources,
    })
}

/// The triggers that watch a phase, as they are written in a spec.
fn triggers(plan: &Plan, phase: &str) -> Vec<String> {
    let watches = |phases: &[String]| phases.is_empty() || phases.iter().any(|name| name == phase);
    plan.program
        .triggers
        .iter()
        .filter(|trigger| trigger.action == "rollback" && watches(&trigger.phases))
        .map(|trigger| trigger.when.to_string())
        .collect()
}

fn asked(gate: &Gate) -> String {
    match &gate.condition {
        Condition::Metric { condition } => condition.to_string(),
        Condition::Waited { since, at_least_ms } => format!("{} since {since}", Millis(*at_least_ms)),
        _ => gate.what.clone(),
    }
}

fn risk_json(risk: &segue_model::plan::program::Risk) -> Value {
    // Their words have three steps for what is a figure from 1 to 10 here.
    let word = |figure: u8| match figure {
        0..=3 => "low",
        4..=6 => "medium",
        _ => "high",
    };
    json!({
        "category": risk.category,
        "description": risk.what,
        "probability": word(risk.occurrence),
        "impact": word(risk.severity),
        "severity": risk.level,
        "mitigation": risk.mitigation,
        "owner": risk.owner,
    })
}

fn rollback_json(plan: &Plan) -> Value {
    let phases: Vec<Value> = plan
        .phases
        .iter()
        .rev()
        .map(|phase| {
            let back = &phase.project.rollback;
            let undone = phase.steps.iter().rev().filter(|step| step.reversible != "no").map(|step| step.undo.what.as_str());
            json!({
                "phase": phase.name,
                "rollback_actions": undone.collect::<Vec<_>>(),
                "validation_criteria": if back.verify.is_empty() { Vec::new() } else { vec![back.verify.as_str()] },
                "estimated_time_minutes": back.time.as_ref().map(|time| time.seconds.div_ceil(60)),
            })
        })
        .collect();
    let decisions: serde_json::Map<String, Value> = plan
        .program
        .triggers
        .iter()
        .map(|trigger| (trigger.when.to_string(), Value::from(format!("{}: {}", trigger.action, trigger.order.join(", ")))))
        .collect();
    json!({
        "rollback_phases": phases,
        "rollback_triggers": plan.program.triggers.iter().filter(|trigger| trigger.action == "rollback").map(|trigger| trigger.when.to_string()).collect::<Vec<_>>(),
        "rollback_decision_matrix": decisions,
        "rollback_contacts": plan.program.owners.iter().map(|(role, address)| json!({"role": role, "contact": address})).collect::<Vec<_>>(),
    })
}
