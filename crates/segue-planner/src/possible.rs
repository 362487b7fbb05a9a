//! Plans that cannot be, each with every reason: cycles, unknown phases, a gate that nothing measures, a way back that
//! does not exist, a contract before its evidence.
//!
//! A plan is refused here and never by a later surprise. Dates against deadlines are the estimator's. Tests:
//! `tests/it/project_limits.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::finding::Finding;
use segue_model::plan::program::Needed;
use segue_model::plan::{Condition, Phase, Plan};
use segue_model::spec::program::Outside;
use segue_model::spec::{RollbackWish, Spec};

use crate::rule_sql;
use crate::say::refuse;

/// Whether the phases have an order at all.
pub(crate) fn order(plan: &Plan) -> Vec<Finding> {
    let mut findings = Vec::new();
    let names: BTreeSet<&str> = plan.phases.iter().map(|phase| phase.name.as_str()).collect();
    for phase in &plan.phases {
        for after in phase.project.after.iter().filter(|after| !names.contains(after.as_str())) {
            let near = names.iter().min_by_key(|name| strsim::damerau_levenshtein(name, after));
            let fix = near.map_or_else(String::new, |near| format!("Did you mean `{near}`?"));
            findings.push(refuse(
                33,
                format!("phase {}", phase.name),
                format!("it is to come after `{after}`, which is no phase of this plan"),
                fix,
            ));
        }
    }
    if let Some(circle) = circle(plan) {
        let message = format!("each of them waits for the next: {}", circle.join(" → "));
        findings.push(refuse(34, "phases", message, "Take one `after` of these phases out of the spec."));
    }
    findings
}

/// Puts the phases into an order in which each comes after what it waits for, and else as they were.
pub(crate) fn sort(plan: &mut Plan) {
    let mut open = std::mem::take(&mut plan.phases);
    while !open.is_empty() {
        let ready = |phase: &Phase| phase.project.after.iter().all(|after| !open.iter().any(|other| other.name == *after));
        let at = open.iter().position(ready).unwrap_or(0);
        plan.phases.push(open.remove(at));
    }
}

/// A circle of phases, in the order in which they wait for each other.
fn circle(plan: &Plan) -> Option<Vec<String>> {
    let after: BTreeMap<&str, &[String]> = plan.phases.iter().map(|phase| (phase.name.as_str(), phase.project.after.as_slice())).collect();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for start in after.keys() {
        let mut path: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((name, next)) = path.pop() {
            if done.contains(name) {
                continue;
            }
            let Some(before) = after.get(name).and_then(|before| before.get(next)) else {
                done.insert(name);
                continue;
            };
            path.push((name, next + 1));
            if let Some(at) = path.iter().position(|(seen, _)| *seen == before.as_str()) {
                let mut circle: Vec<String> = path[at..].iter().map(|(name, _)| (*name).to_owned()).collect();
                circle.push(before.clone());
                return Some(circle);
            }
            path.push((before.as_str(), 0));
        }
    }
    None
}

/// Whether it keeps within what the spec says.
pub(crate) fn limits(plan: &Plan, spec: &Spec) -> Vec<Finding> {
    let mut findings = unmeasured(plan, spec);
    findings.extend(no_way_back(plan, spec));
    findings.extend(early_contract(plan));
    findings.extend(rule_sql::writing(spec));
    findings.extend(unkeyed_publication(plan, spec));
    findings.extend(stranded_databases(plan, spec));
    findings
}

/// Metrics that Segue, its databases or a person at the systems of every spec can see.
const BUILT_IN: [&str; 13] = [
    "error_rate",
    "p50",
    "p95",
    "p99",
    "throughput",
    "availability",
    "lag",
    "mismatches",
    "rows_rejected",
    "disk_free",
    "success_criteria_not_met",
    "critical_features_failing",
    "health_checks_failing",
];

fn unmeasured(plan: &Plan, spec: &Spec) -> Vec<Finding> {
    let queries: BTreeSet<&str> = spec
        .program
        .outside
        .values()
        .filter_map(|system| if let Outside::Prometheus { queries, .. } = system { Some(queries) } else { None })
        .flat_map(|queries| queries.keys().map(String::as_str))
        .collect();
    let known = |metric: &str| BUILT_IN.contains(&metric) || queries.contains(metric) || spec.checks.contains_key(metric);
    let mut findings = Vec::new();
    for gate in plan.phases.iter().flat_map(|phase| phase.entry.iter().chain(&phase.gates)) {
        if let Condition::Metric { condition } = &gate.condition
            && !known(&condition.metric)
        {
            let message = format!("nothing in the spec measures `{}`", condition.metric);
            findings.push(refuse(
                35,
                format!("gate {}", gate.id),
                message,
                "Add a check or a `prometheus` query of that name, or take the gate out.",
            ));
        }
    }
    findings
}

/// What gates and triggers ask for and no system of the spec measures: a person looks, until the spec says where.
pub(crate) fn looked_at_by_people(plan: &mut Plan, spec: &Spec) {
    const TRAFFIC: [&str; 6] = ["error_rate", "p50", "p95", "p99", "throughput", "availability"];
    let outside = &spec.program.outside;
    if outside.values().any(|system| matches!(system, Outside::Http { .. })) {
        return;
    }
    let asked = |queries: &BTreeMap<String, String>| TRAFFIC.iter().any(|metric| queries.contains_key(*metric));
    if outside.values().any(|system| matches!(system, Outside::Prometheus { queries, .. } if asked(queries))) {
        return;
    }
    let of_gate = |gate: &segue_model::plan::Gate| match &gate.condition {
        Condition::Metric { condition } => Some(condition.metric.clone()),
        _ => None,
    };
    let gates = plan.phases.iter().flat_map(|phase| phase.entry.iter().chain(&phase.gates)).filter_map(of_gate);
    let triggers = plan.program.triggers.iter().map(|trigger| trigger.when.metric.clone());
    let metrics: BTreeSet<String> = gates.chain(triggers).filter(|metric| TRAFFIC.contains(&metric.as_str())).collect();
    if !metrics.is_empty() {
        let names: Vec<&str> = metrics.iter().map(String::as_str).collect();
        plan.program.needed.push(Needed {
            what: format!("what measures {}: without it a person reads them off a dashboard at each gate", names.join(", ")),
            spec_key: "systems.metrics.prometheus.queries".to_owned(),
            for_what: vec!["rollback".to_owned()],
        });
    }
}

/// A way back is asked for, and a step before the end has none and does not say why.
fn no_way_back(plan: &Plan, spec: &Spec) -> Vec<Finding> {
    if spec.limits.rollback != RollbackWish::Required {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (at, phase) in plan.phases.iter().enumerate() {
        let later = plan.phases[at + 1..].iter().any(|later| waits_for(plan, later, &phase.name) && !lets_go(later));
        for step in phase.steps.iter().filter(|step| step.reversible == "no" && later) {
            let message = "it cannot be undone, work that can still fail comes after it, and `limits.rollback` is `required`";
            findings.push(refuse(
                36,
                format!("step {}", step.id),
                message,
                "Put it behind that work, or set `limits.rollback` to `wanted` if the business accepts it.",
            ));
        }
        if phase.project.rollback.possible == "no" && !lets_go(phase) {
            let message = "there is no way back from it, and `limits.rollback` is `required`";
            findings.push(refuse(
                36,
                format!("phase {}", phase.name),
                message,
                "Choose another pattern, or set `limits.rollback` to `wanted` if the business accepts it.",
            ));
        }
    }
    findings
}

fn lets_go(phase: &Phase) -> bool {
    phase.steps.iter().any(|step| step.reversible == "no")
}

/// Whether a phase waits for another one, at once or by others.
fn waits_for(plan: &Plan, phase: &Phase, name: &str) -> bool {
    let mut open: Vec<&str> = phase.project.after.iter().map(String::as_str).collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    while let Some(before) = open.pop() {
        if before == name {
            return true;
        }
        if seen.insert(before)
            && let Some(found) = plan.phases.iter().find(|phase| phase.name == before)
        {
            open.extend(found.project.after.iter().map(String::as_str));
        }
    }
    false
}

/// Users or writers are moved in it, or the two sides are compared.
pub(crate) fn moves_or_proves(phase: &Phase) -> bool {
    let last = phase.name.rsplit('-').next().unwrap_or_default();
    matches!(last, "canary" | "shift" | "cutover" | "own" | "verify")
}

/// What lets the old side go comes after a phase that measured the new one, and after users were moved.
fn early_contract(plan: &Plan) -> Vec<Finding> {
    let mut findings = Vec::new();
    for phase in plan.phases.iter().filter(|phase| lets_go(phase) && !plan.runs()) {
        // The old side of a part stays until its users and writers were moved and its sides were compared.
        for moved in plan.phases.iter().filter(|other| other.project.part == phase.project.part && moves_or_proves(other)) {
            if !lets_go(moved) && !waits_for(plan, phase, &moved.name) {
                let message = format!("it lets the old side go, and does not wait for `{}`", moved.name);
                findings.push(refuse(38, format!("phase {}", phase.name), message, "Take your `after` back: what lets go comes last."));
            }
        }
        let before = || plan.phases.iter().filter(|before| waits_for(plan, phase, &before.name));
        let measured =
            |before: &Phase| before.gates.iter().any(|gate| matches!(gate.condition, Condition::Metric { .. } | Condition::Check { .. }));
        if before().any(measured) {
            continue;
        }
        let (object, fix) = (format!("phase {}", phase.name), "Put it after a phase that verifies, or take your `after` and `skip` back.");
        findings.push(if before().next().is_none() {
            refuse(38, object, "it lets the old side go, and waits for nothing: not for the copy, not for the switch", fix)
        } else {
            refuse(37, object, "it lets the old side go, and no phase before it measures that the new side is right", fix)
        });
    }
    findings
}

/// A publication of all tables makes each UPDATE and DELETE on a table without a key fail from that moment on.
fn unkeyed_publication(plan: &Plan, spec: &Spec) -> Vec<Finding> {
    let published = plan.phases.iter().flat_map(|phase| &phase.steps).filter_map(|step| step.outside.command.as_ref());
    if !published.into_iter().any(|command| command.text.to_lowercase().contains("for all tables")) {
        return Vec::new();
    }
    let from = spec.program.moves.as_ref().map(|moves| moves.from.as_str()).unwrap_or_default();
    let unkeyed = plan.findings.iter().filter(|finding| finding.code == "SG-INS-003" || finding.code == "SG-PLAN-042");
    let mut names: Vec<&str> = unkeyed.map(|finding| finding.object.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return Vec::new();
    }
    let message = format!("{} has no key: once it is published, each UPDATE and DELETE on it fails", names.join(", "));
    vec![refuse(49, format!("system {from}"), message, "Give it a primary key, or set its `replica identity full`, and assess again.")]
}

/// A cloud move makes the definition of a managed database anew; its rows need a `move`.
fn stranded_databases(plan: &Plan, spec: &Spec) -> Vec<Finding> {
    if spec.program.infra.is_none() || spec.program.moves.is_some() {
        return Vec::new();
    }
    let kinds = ["db_instance", "rds_cluster", "sql_database", "postgresql_", "mysql_", "mssql_", "dynamodb_table", "spanner", "cosmosdb"];
    let mut findings = Vec::new();
    for step in plan.phases.iter().flat_map(|phase| &phase.steps) {
        if step.kind == "map_resource" && kinds.iter().any(|kind| step.id.contains(kind)) {
            let message = "its definition is made anew, and no step of this plan moves its rows";
            findings.push(crate::say::finding(
                57,
                segue_model::finding::Severity::High,
                format!("step {}", step.id),
                message,
                "Describe the database under `systems` and its move under `move`: then it is one plan.",
            ));
        }
    }
    findings
}
