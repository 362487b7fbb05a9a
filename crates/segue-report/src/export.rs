//! The plan for an agent that drives other work: what it must know and no more.
//!
//! Names and counts, never a row, a command's text or a secret. Tests: `tests/it/export.rs`.

use segue_model::plan::Plan;
use serde_json::{Value, json};

use crate::plan::{dates, say};

/// How many entries a list has before the rest is counted.
const SHOWN: usize = 10;

/// The condensed document: phases, changes, worst risks, rollback, tests, what is needed, what was not checked.
pub fn summary_json(plan: &Plan) -> Value {
    let program = &plan.program;
    let days = program.duration.as_ref().map(|end| {
        json!({"p50": dates::tenths(end.p50_s, dates::DAY_S), "p80": dates::tenths(end.p80_s, dates::DAY_S), "p95": dates::tenths(end.p95_s, dates::DAY_S)})
    });
    let phases: Vec<Value> = plan.phases.iter().map(phase).collect();
    let changes: Vec<Value> =
        program.overview.iter().map(|line| json!({"aspect": line.aspect, "from": line.current, "to": line.target})).collect();
    let mut worst: Vec<_> = program.risks.iter().collect();
    worst.sort_by_key(|risk| (std::cmp::Reverse(risk.rpn), &risk.id));
    let risks: Vec<Value> = worst
        .iter()
        .take(SHOWN)
        .map(|risk| json!({"id": risk.id, "what": risk.what, "level": risk.level, "rpn": risk.rpn, "residual_rpn": risk.residual_rpn, "mitigation": risk.mitigation}))
        .collect();
    let needed: Vec<Value> = program.needed.iter().map(|one| json!({"what": one.what, "spec_key": one.spec_key})).collect();
    let tests: Vec<&str> = plan
        .phases
        .iter()
        .flat_map(|phase| &phase.steps)
        .filter(|step| step.kind.contains("verif") || step.kind.contains("test") || step.kind.contains("rehears"))
        .map(|step| step.id.as_str())
        .collect();
    json!({
        "format_version": 1, "segue": plan.segue, "plan": plan.digest, "id": plan.id, "name": plan.name, "kinds": plan.kinds,
        "pattern": {"name": plan.pattern.name, "why": plan.pattern.why}, "risk": plan.risk, "write_pause": say::downtime_words(plan),
        "runs_by_itself": plan.runs(), "days": days, "phases": phases, "changes": changes,
        "risks": risks, "risks_more": program.risks.len().saturating_sub(SHOWN),
        "rollback": {"how": plan.rollback, "loss_free_until": say::loss_free_until(plan)},
        "tests": tests.iter().take(SHOWN).collect::<Vec<_>>(), "tests_more": tests.len().saturating_sub(SHOWN),
        "needed_before_start": needed, "not_checked": plan.not_checked.iter().take(SHOWN).collect::<Vec<_>>(),
        "not_checked_more": plan.not_checked.len().saturating_sub(SHOWN),
    })
}

fn phase(phase: &segue_model::plan::Phase) -> Value {
    let by = |who: &str| phase.steps.iter().filter(|step| step.by == who).count();
    let gates: Vec<String> = say::all_gates(phase).map(|(_, gate)| say::condition(&gate.condition)).collect();
    json!({
        "name": phase.name, "goal": phase.goal, "after": phase.project.after, "risk": phase.risk,
        "steps": {"run": by("run"), "command": by("command"), "manual": by("manual")},
        "tasks": phase.project.tasks.len(), "gates": gates,
        "rollback": {"possible": if say::is_final(phase) { "no" } else if say::loses(phase) { "with-loss" } else { "yes" }, "how": say::way_back(phase)},
    })
}
