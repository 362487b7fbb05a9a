//! What leads to a warning, a pause or a rollback, as data: the spec's `rollback_when`, else the profile's thresholds.
//!
//! Each trigger says who measures it and what is done in which order; a threshold is never without its source. Nothing
//! here measures. Tests: `tests/it/checklist_triggers.rs`.

use segue_model::plan::program::RollbackTrigger;
use segue_model::plan::{Phase, Plan};
use segue_model::spec::Spec;
use segue_model::spec::program::{MetricCondition, MetricValue, Outside};

/// Fills `program.triggers`.
pub fn triggers(plan: &mut Plan, spec: &Spec) {
    let stated = &spec.program.rollback_when;
    let wished: Vec<(MetricCondition, String, String, Vec<String>)> = if stated.is_empty() {
        of_profile(plan, spec)
    } else {
        stated.iter().map(|trigger| (trigger.when.clone(), trigger.action.clone(), "spec rollback_when".to_owned(), Vec::new())).collect()
    };
    plan.program.triggers = wished
        .into_iter()
        .map(|(when, action, from, phases)| RollbackTrigger {
            order: order(plan, spec, &action),
            measured_by: measured_by(plan, spec, &when.metric),
            when,
            action,
            phases,
            from,
        })
        .collect();
}

/// The plan sends requests to another side than before.
pub(crate) fn has_traffic(plan: &Plan, spec: &Spec) -> bool {
    let kinds = ["service", "code", "framework", "language", "runtime", "library", "driver", "api", "auth", "infra", "move"];
    spec.program.rollout.is_some() || plan.kinds.iter().any(|kind| kinds.iter().any(|known| kind.contains(known)))
}

fn condition(metric: &str, side: Option<&str>, op: &str, value: MetricValue, for_ms: u64) -> MetricCondition {
    MetricCondition { metric: metric.to_owned(), side: side.map(str::to_owned), op: op.to_owned(), value, for_ms }
}

fn percent(metric: &str, thousandths: u64, for_ms: u64) -> MetricCondition {
    condition(metric, Some("new"), ">", MetricValue::PercentMilli(thousandths), for_ms)
}

/// `METRIC(new) OP factor * METRIC(old)`.
fn against_old(metric: &str, op: &str, factor_milli: u64, for_ms: u64) -> MetricCondition {
    let value = MetricValue::Times { factor_milli, metric: metric.to_owned(), side: Some("old".to_owned()) };
    condition(metric, Some("new"), op, value, for_ms)
}

fn any(metric: &str) -> MetricCondition {
    condition(metric, None, ">", MetricValue::Milli(0), 0)
}

/// The thresholds of the profile, each with the place it comes from.
fn of_profile(plan: &Plan, spec: &Spec) -> Vec<(MetricCondition, String, String, Vec<String>)> {
    let stated = spec.program.profile.as_deref().unwrap_or(&plan.program.profile);
    let profile = if stated.is_empty() { "segue" } else { stated };
    let mut out: Vec<(MetricCondition, &str, &str, Vec<String>)> = Vec::new();
    let mut add = |when, action: &'static str, place: &'static str| out.push((when, action, place, Vec::new()));
    if has_traffic(plan, spec) {
        match profile {
            "doc000" => add(any("success_criteria_not_met"), "rollback", "document 000, During Migration"),
            "doc001" => {
                add(percent("error_rate", 5_000, 0), "warn", "document 001, Rollback Triggers");
                add(percent("error_rate", 10_000, 0), "rollback", "document 001, Rollback Triggers");
                add(against_old("p95", ">", 2_000, 0), "warn", "document 001, Rollback Triggers");
            }
            "doc002" => {
                add(
                    against_old("error_rate", ">", 1_000, 300_000),
                    "rollback",
                    "document 002, Success Criteria: no increase in error rate",
                );
                add(against_old("p95", ">", 1_100, 300_000), "rollback", "document 002, Success Criteria: within 10% of baseline");
            }
            "doc003" => {
                add(percent("error_rate", 1_000, 0), "rollback", "document 003, Automated Rollback Triggers");
                add(condition("p95", Some("new"), ">", MetricValue::Ms(500), 0), "rollback", "document 003, Automated Rollback Triggers");
                add(against_old("throughput", "<", 800, 0), "rollback", "document 003, Automated Rollback Triggers: a drop of 20%");
            }
            "doc004" => {
                add(percent("error_rate", 1_000, 0), "rollback", "document 004, rollback_triggers");
                add(against_old("p95", ">", 2_000, 0), "rollback", "document 004, rollback_triggers");
                add(any("critical_features_failing"), "rollback", "document 004, rollback_triggers");
                add(any("health_checks_failing"), "rollback", "document 004, execute_migration");
            }
            _ => {
                add(percent("error_rate", 1_000, 120_000), "rollback", "its default");
                add(against_old("p95", ">", 2_000, 300_000), "rollback", "its default");
                add(against_old("throughput", "<", 800, 300_000), "warn", "its default");
            }
        }
    }
    if holds_data(plan) {
        let place = match profile {
            "doc001" => "document 001, Rollback Triggers: any inconsistency",
            "doc004" => "document 004, rollback_triggers: inconsistency detected",
            _ => "its default: no difference is accepted",
        };
        add(any("mismatches"), "rollback", place);
    }
    if plan.kinds.iter().any(|kind| kind.contains("move")) {
        let limit = spec.throttle.max_replication_lag.map_or(5_000, |ms| ms.0);
        add(condition("lag", Some("target"), ">", MetricValue::Ms(limit), 300_000), "pause", "throttle.max_replication_lag");
    }
    if profile == "doc003" {
        let canaries: Vec<String> =
            plan.phases.iter().map(|phase: &Phase| phase.name.clone()).filter(|name| name.contains("canary")).collect();
        if !canaries.is_empty() {
            let place = "document 003, Canary Users: rollback_on_breach";
            out.push((percent("error_rate", 500, 0), "rollback", place, canaries.clone()));
            out.push((condition("p95", Some("new"), ">", MetricValue::Ms(200), 0), "rollback", place, canaries));
        }
    }
    out.into_iter().map(|(when, action, place, phases)| (when, action.to_owned(), format!("profile {profile} ({place})"), phases)).collect()
}

/// Rows are on two sides, or in two forms.
fn holds_data(plan: &Plan) -> bool {
    plan.runs()
        || plan.kinds.iter().any(|kind| {
            ["move", "schema", "data", "database", "service", "version", "shard", "partition"].iter().any(|known| kind.contains(known))
        })
}

/// Who measures it, as far as the spec says.
fn measured_by(plan: &Plan, spec: &Spec, metric: &str) -> String {
    for (name, system) in &spec.program.outside {
        if let Outside::Prometheus { queries, .. } = system
            && queries.contains_key(metric)
        {
            return format!("prometheus {name}: {metric}");
        }
    }
    match metric {
        _ if spec.checks.contains_key(metric) => format!("check {metric}"),
        "mismatches" | "rows_rejected" if plan.runs() => "segue verify".to_owned(),
        "mismatches" | "rows_rejected" => "a person, by the comparison of the plan's own steps".to_owned(),
        _ => "a person".to_owned(),
    }
}

/// What is done, in order (document 003: disable the flag, route to the old side, notify, open an incident).
fn order(plan: &Plan, spec: &Spec, action: &str) -> Vec<String> {
    let whom = match (spec.owners.contains_key("lead"), spec.owners.contains_key("oncall")) {
        (true, true) => "lead and oncall",
        (false, true) => "oncall",
        _ => "lead",
    };
    let tell = format!("tell {whom}");
    match action {
        "warn" => vec![tell, "find the cause before the next step".to_owned()],
        "pause" => {
            let hold = if plan.runs() { "`segue pause`" } else { "hold: no further step, no further share of requests" };
            vec![hold.to_owned(), tell, "go on or go back once the cause is known".to_owned()]
        }
        _ => {
            let mut out = Vec::new();
            if spec.program.rollout.is_some() {
                out.push("switch the flag of the new side off".to_owned());
            }
            if has_traffic(plan, spec) {
                out.push("send all requests to the old side".to_owned());
            }
            let back = if plan.runs() {
                "`segue rollback`, which says first what it would lose"
            } else {
                "go back by the phase's runbook, last step first"
            };
            out.extend([back.to_owned(), tell, "open an incident of high severity".to_owned()]);
            out
        }
    }
}
