//! What changed between two plans, in words: what was planned, not how the file is written.
//!
//! Must never show a change that has no meaning (digests, the order of equal things) and never hide one that a run or
//! a person would notice: where nothing named here differs but the digests do, it says that. Tests: below.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use segue_model::plan::{Gate, Phase, Plan, Step};
use serde::Serialize;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `added`, `removed` or `changed`.
    pub kind: &'static str,
    /// What: `phase copy`, `step copy/orders`, `gate shift/approval`, `risk R3`, `P80`.
    pub what: String,
    /// As it was; empty where it was not there.
    pub before: String,
    /// As it is; empty where it is gone.
    pub after: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            "added" => write!(f, "+ {}: {}", self.what, self.after),
            "removed" => write!(f, "- {}: {}", self.what, self.before),
            _ => write!(f, "~ {}: {} → {}", self.what, self.before, self.after),
        }
    }
}

/// Every difference, in the order of a plan: the whole, the phases in their order, risks, what is needed, findings.
pub fn diff(before: &Plan, after: &Plan) -> Vec<Difference> {
    let mut out = Vec::new();
    whole(before, after, &mut out);
    let order = |plan: &Plan| plan.phases.iter().map(|phase| phase.name.clone()).collect::<Vec<_>>();
    let mut names = order(after);
    names.extend(order(before).into_iter().filter(|name| !after.phases.iter().any(|phase| phase.name == *name)));
    for name in names {
        let find = |plan: &'_ Plan| plan.phases.iter().find(|phase| phase.name == name).cloned();
        match (find(before), find(after)) {
            (Some(was), Some(is)) => phase(&was, &is, &mut out),
            (Some(was), None) => removed(&mut out, format!("phase {name}"), was.goal),
            (None, Some(is)) => added(&mut out, format!("phase {name}"), is.goal),
            (None, None) => {}
        }
    }
    keyed(&mut out, "risk", risks(before), risks(after));
    keyed(&mut out, "figure", figures(before), figures(after));
    keyed(&mut out, "needed before start", needed(before), needed(after));
    keyed(&mut out, "finding", findings(before), findings(after));
    if out.is_empty() && before.digest != after.digest {
        changed(&mut out, "plan", short(&before.digest), short(&after.digest));
    }
    out
}

fn short(digest: &str) -> String {
    digest.get(..12).unwrap_or(digest).to_owned()
}

fn added(out: &mut Vec<Difference>, what: String, after: String) {
    out.push(Difference { kind: "added", what, before: String::new(), after });
}

fn removed(out: &mut Vec<Difference>, what: String, before: String) {
    out.push(Difference { kind: "removed", what, before, after: String::new() });
}

fn changed(out: &mut Vec<Difference>, what: impl Into<String>, before: impl Into<String>, after: impl Into<String>) {
    let (before, after) = (before.into(), after.into());
    if before != after {
        out.push(Difference { kind: "changed", what: what.into(), before, after });
    }
}

fn whole(before: &Plan, after: &Plan, out: &mut Vec<Difference>) {
    changed(out, "id", &before.id, &after.id);
    changed(out, "name", &before.name, &after.name);
    changed(out, "kinds", before.kinds.join(" + "), after.kinds.join(" + "));
    changed(out, "pattern", &before.pattern.name, &after.pattern.name);
    changed(out, "risk", &before.risk, &after.risk);
    changed(out, "write pause", format!("{} ms", before.pause_ms), format!("{} ms", after.pause_ms));
    changed(out, "rollback", &before.rollback, &after.rollback);
    changed(out, "profile", &before.program.profile, &after.program.profile);
    let day = |plan: &Plan| plan.program.start.map_or_else(|| "none".to_owned(), |date| date.0.to_string());
    changed(out, "start", day(before), day(after));
    let end = |plan: &Plan, pick: fn(&segue_model::plan::program::Quantiles) -> u64| {
        plan.program.duration.as_ref().map_or_else(|| "unknown".to_owned(), |duration| days(pick(duration)))
    };
    changed(out, "P50", end(before, |q| q.p50_s), end(after, |q| q.p50_s));
    changed(out, "P80", end(before, |q| q.p80_s), end(after, |q| q.p80_s));
    changed(out, "P95", end(before, |q| q.p95_s), end(after, |q| q.p95_s));
    let effort =
        |plan: &Plan| plan.program.effort.map_or_else(|| "unknown".to_owned(), |effort| format!("{} h", effort.p50_s.div_ceil(3_600)));
    changed(out, "effort", effort(before), effort(after));
    let location = |plan: &Plan| plan.execution.system.clone();
    changed(out, "system", location(before), location(after));
    changed(out, "changes", short(&before.execution.spec_digest), short(&after.execution.spec_digest));
}

fn days(seconds: u64) -> String {
    match seconds {
        0..3_600 => format!("{} min", seconds.div_ceil(60)),
        3_600..172_800 => format!("{} h", seconds.div_ceil(3_600)),
        _ => format!("{} days", seconds.div_ceil(86_400)),
    }
}

fn phase(before: &Phase, after: &Phase, out: &mut Vec<Difference>) {
    let name = &after.name;
    changed(out, format!("goal of {name}"), &before.goal, &after.goal);
    changed(out, format!("risk of {name}"), &before.risk, &after.risk);
    changed(out, format!("what users notice in {name}"), &before.user_impact, &after.user_impact);
    changed(out, format!("order of {name}"), after_words(before), after_words(after));
    let work = |phase: &Phase| phase.project.work.as_ref().map_or_else(|| days(phase.estimate.seconds), |work| days(work.p50_s));
    changed(out, format!("work of {name}"), work(before), work(after));
    keyed(out, "step", steps(before), steps(after));
    keyed(out, "gate", gates(before), gates(after));
    keyed(out, &format!("task of {name}"), tasks(before), tasks(after));
}

fn after_words(phase: &Phase) -> String {
    if phase.project.after.is_empty() { "from the start".to_owned() } else { format!("after {}", phase.project.after.join(", ")) }
}

fn steps(phase: &Phase) -> BTreeMap<String, String> {
    let words = |step: &Step| {
        let how = step.outside.command.as_ref().map(|command| format!(" ({})", short(&digest_of(&command.text)))).unwrap_or_default();
        format!("{} (by {}, undo: {}){how}", step.what, step.by, step.undo.what)
    };
    phase.steps.iter().map(|step| (step.id.clone(), words(step))).collect()
}

/// A command is too long for a line; its digest shows that it changed.
fn digest_of(text: &str) -> String {
    segue_model::canonical::digest(&text).unwrap_or_default()
}

fn gates(phase: &Phase) -> BTreeMap<String, String> {
    let words = |gate: &Gate| match &gate.condition {
        segue_model::plan::Condition::Metric { condition } => condition.to_string(),
        _ => gate.what.clone(),
    };
    phase.entry.iter().chain(&phase.gates).map(|gate| (gate.id.clone(), words(gate))).collect()
}

fn tasks(phase: &Phase) -> BTreeMap<String, String> {
    phase.project.tasks.iter().map(|task| (task.what.clone(), format!("{}, {} min", task.owner, task.minutes))).collect()
}

fn risks(plan: &Plan) -> BTreeMap<String, String> {
    // Ids of computed risks are numbered by rank: what a risk is about tells it from the others.
    plan.program
        .risks
        .iter()
        .map(|risk| (risk.what.clone(), format!("{} (RPN {} → {})", risk.level, risk.rpn, risk.residual_rpn)))
        .collect()
}

fn figures(plan: &Plan) -> BTreeMap<String, String> {
    plan.program.figures.iter().map(|(name, figure)| (name.clone(), format!("{} ({})", figure.value, figure.from))).collect()
}

fn needed(plan: &Plan) -> BTreeMap<String, String> {
    plan.program.needed.iter().map(|needed| (needed.spec_key.clone(), needed.what.clone())).collect()
}

fn findings(plan: &Plan) -> BTreeMap<String, String> {
    plan.findings.iter().map(|finding| (format!("{} {}", finding.code, finding.object), finding.message.clone())).collect()
}

/// Things with a key: gone, new, or another.
fn keyed(out: &mut Vec<Difference>, what: &str, before: BTreeMap<String, String>, after: BTreeMap<String, String>) {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let named = format!("{what} {key}");
        match (before.get(key), after.get(key)) {
            (Some(was), None) => removed(out, named, was.clone()),
            (None, Some(is)) => added(out, named, is.clone()),
            (Some(was), Some(is)) => changed(out, named, was.as_str(), is.as_str()),
            (None, None) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        let step = Step { id: "copy/orders".to_owned(), what: "copies orders".to_owned(), by: "command".to_owned(), ..Step::default() };
        let phase = Phase { name: "copy".to_owned(), goal: "rows are there".to_owned(), steps: vec![step], ..Phase::default() };
        Plan { id: "M-1".to_owned(), risk: "low".to_owned(), phases: vec![phase], digest: "a".repeat(64), ..Plan::default() }
    }

    #[test]
    fn the_same_plan_has_no_difference() {
        assert_eq!(diff(&plan(), &plan()), Vec::new());
    }

    #[test]
    fn steps_phases_and_levels_are_named() {
        let mut after = plan();
        after.risk = "high".to_owned();
        after.phases[0].steps[0].by = "manual".to_owned();
        after.phases.push(Phase { name: "shift".to_owned(), goal: "traffic is on the target".to_owned(), ..Phase::default() });
        let words: Vec<String> = diff(&plan(), &after).iter().map(ToString::to_string).collect();
        assert_eq!(
            words,
            [
                "~ risk: low → high",
                "~ step copy/orders: copies orders (by command, undo: ) → copies orders (by manual, undo: )",
                "+ phase shift: traffic is on the target",
            ]
        );
        let back: Vec<String> = diff(&after, &plan()).iter().map(ToString::to_string).collect();
        assert_eq!(back[2], "- phase shift: traffic is on the target");
    }

    #[test]
    fn a_difference_without_a_name_is_not_hidden() {
        let mut after = plan();
        after.digest = "b".repeat(64);
        assert_eq!(diff(&plan(), &after).len(), 1);
    }
}
