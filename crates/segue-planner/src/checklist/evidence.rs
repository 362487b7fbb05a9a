//! What Segue can see by itself: in the spec, in the plan, in the assessment.
//!
//! `Seen` needs a value that was looked at; a mere wish in the spec is none. Tests: `tests/it/checklist_lists.rs`.

use segue_model::plan::{Condition, Gate, Plan};

use super::facts::Facts;

/// What was looked for and what came of it.
pub(super) enum Evidence {
    /// Segue does not look.
    None,
    /// It is there: where it was seen.
    Seen(String),
    /// It is not: where it would be seen.
    Missing(String),
}

/// Nothing that Segue looks at.
pub(super) fn none(_: &Facts<'_>) -> Evidence {
    Evidence::None
}

/// A back-up is at most this old.
const BACKUP_AGE_S: u64 = 86_400;

/// The newest back-up's age on each system where an assessment saw one.
pub(super) fn backup(facts: &Facts<'_>) -> Evidence {
    let seen = settings(facts, &["backup_age_s", "last_backup_age_s"]);
    let fresh = |value: &str| value.parse::<u64>().is_ok_and(|age| age <= BACKUP_AGE_S);
    judged(&seen, fresh, &format!("at most {BACKUP_AGE_S} s are allowed"), "no assessment saw a back-up")
}

/// The replicas' lag against the spec's throttle.
pub(super) fn replica_lag(facts: &Facts<'_>) -> Evidence {
    let limit_ms = facts.spec.throttle.max_replication_lag.map_or(5_000, |ms| ms.0);
    let seen = settings(facts, &["replica_lag_s", "replication_lag_s"]);
    let small = |value: &str| value.parse::<u64>().is_ok_and(|lag| lag.saturating_mul(1_000) <= limit_ms);
    judged(&seen, small, &format!("throttle.max_replication_lag is {limit_ms} ms"), "no assessment saw a replica's lag")
}

/// Good only where every value that was seen is.
fn judged(seen: &[(String, String)], good: impl Fn(&str) -> bool, limit: &str, nothing: &str) -> Evidence {
    let words = |(place, value): &(String, String)| format!("{place} is {value}");
    match seen.iter().find(|(_, value)| !good(value)) {
        Some(bad) => Evidence::Missing(format!("{}; {limit}", words(bad))),
        None if seen.is_empty() => Evidence::Missing(nothing.to_owned()),
        None => Evidence::Seen(format!("{}; {limit}", seen.iter().map(words).collect::<Vec<_>>().join(", "))),
    }
}

/// Whether the assessment saw that there are replicas.
pub(super) fn has_replicas(facts: &Facts<'_>) -> bool {
    let stated = facts.spec.program.about.values().any(|about| about.facts.replicas.unwrap_or(0) > 0);
    let seen = settings(facts, &["replicas"]).iter().any(|(_, value)| value != "0");
    let lag = !settings(facts, &["replica_lag_s", "replication_lag_s"]).is_empty();
    facts.database && (stated || seen || lag)
}

/// The certificates that were seen outlive the plan.
pub(super) fn certificates(facts: &Facts<'_>) -> Evidence {
    let seen = settings(facts, &["certificate_expires"]);
    match last_day(facts.plan) {
        // Dates in ISO form are ordered as texts.
        Some(last) => judged(
            &seen,
            |expires| expires.get(..10).is_some_and(|day| day > last.as_str()),
            &format!("the plan ends by {last}"),
            "no assessment saw a certificate",
        ),
        None => Evidence::Missing("the plan has no dates to compare a certificate with".to_owned()),
    }
}

/// The last day at P95.
fn last_day(plan: &Plan) -> Option<String> {
    let (start, duration) = (plan.program.start?, plan.program.duration?);
    start.0.checked_add(std::time::Duration::from_secs(duration.p95_s)).ok().map(|day| day.to_string())
}

/// What the assessment saw under these names, on each system.
fn settings(facts: &Facts<'_>, names: &[&str]) -> Vec<(String, String)> {
    let systems = facts.assessment.into_iter().flat_map(|assessment| &assessment.systems);
    let named = systems.flat_map(|(system, seen)| names.iter().map(move |name| (system, *name, seen.settings.get(*name))));
    named.filter_map(|(system, name, value)| Some((format!("assessment systems.{system}.settings.{name}"), value?.clone()))).collect()
}

/// Somebody is on call.
pub(super) fn oncall(facts: &Facts<'_>) -> Evidence {
    if facts.spec.owners.get("oncall").is_some_and(|who| !who.trim().is_empty()) {
        Evidence::Seen("owners.oncall is set".to_owned())
    } else {
        Evidence::Missing("owners.oncall is not set".to_owned())
    }
}

/// Each role that the plan names has somebody.
pub(super) fn roles(facts: &Facts<'_>) -> Evidence {
    let mut named: Vec<&str> = facts.plan.phases.iter().map(|phase| phase.project.owner.as_str()).collect();
    named.push("lead");
    let mut without: Vec<&str> = named.into_iter().filter(|role| !role.is_empty() && !facts.spec.owners.contains_key(*role)).collect();
    without.sort_unstable();
    without.dedup();
    if without.is_empty() {
        Evidence::Seen("owners has each role that a phase names".to_owned())
    } else {
        Evidence::Missing(format!("owners lacks {}", without.join(", ")))
    }
}

/// The way back was rehearsed on the changes of this plan.
pub(super) fn rehearsed(facts: &Facts<'_>) -> Evidence {
    trial(facts, false)
}

/// The whole was tried on a copy with every row.
pub(super) fn tried(facts: &Facts<'_>) -> Evidence {
    trial(facts, true)
}

/// A rehearsal counts for a plan that Segue runs whole: of others it shows a part.
fn trial(facts: &Facts<'_>, every_row: bool) -> Evidence {
    let Some(rehearsal) = &facts.plan.program.rehearsal else { return Evidence::Missing("there is no rehearsal".to_owned()) };
    let id = &rehearsal.id;
    match () {
        () if !facts.runs => Evidence::Missing(format!("rehearsal {id} covers what Segue runs, not the rest of the plan")),
        () if rehearsal.spec_digest != facts.plan.execution.spec_digest => {
            Evidence::Missing(format!("rehearsal {id} was of other changes"))
        }
        () if every_row && !rehearsal.whole => Evidence::Missing(format!("rehearsal {id} was on a sample of {} rows", rehearsal.rows)),
        () => Evidence::Seen(format!("rehearsal {id} of {} on {} rows, back in {} ms", rehearsal.at, rehearsal.rows, rehearsal.back_ms)),
    }
}

/// Nothing that the plan stands on is unknown.
pub(super) fn nothing_needed(facts: &Facts<'_>) -> Evidence {
    match facts.plan.program.needed.len() {
        0 => Evidence::Seen("needed before start is empty".to_owned()),
        1 => Evidence::Missing("1 line is left in needed before start".to_owned()),
        open => Evidence::Missing(format!("{open} lines are left in needed before start")),
    }
}

/// A window is set.
pub(super) fn window(facts: &Facts<'_>) -> Evidence {
    let phase = facts.plan.cutover().is_some_and(|phase| !phase.project.windows.is_empty());
    match () {
        () if !facts.spec.program.windows.is_empty() => Evidence::Seen("limits.window is set".to_owned()),
        () if phase => Evidence::Seen("the cut-over's phase has a window".to_owned()),
        () => Evidence::Missing("limits.window is not set".to_owned()),
    }
}

/// Each step says how it is undone.
pub(super) fn undo_written(facts: &Facts<'_>) -> Evidence {
    let steps = facts.plan.phases.iter().flat_map(|phase| &phase.steps);
    let without: Vec<&str> = steps.filter(|step| step.undo.what.trim().is_empty()).map(|step| step.id.as_str()).collect();
    match without.first() {
        None => Evidence::Seen("each step of the plan says how it is undone, or why it cannot be".to_owned()),
        Some(step) => Evidence::Missing(format!("{} steps say nothing, the first is {step}", without.len())),
    }
}

/// Gates that measure are the criteria.
pub(super) fn criteria(facts: &Facts<'_>) -> Evidence {
    let measures =
        |gate: &&Gate| matches!(gate.condition, Condition::Metric { .. } | Condition::RowsRejected { .. } | Condition::Check { .. });
    let gates = facts.plan.phases.iter().flat_map(|phase| phase.entry.iter().chain(&phase.gates)).filter(measures).count();
    match gates {
        0 => Evidence::Missing("no gate of the plan measures anything".to_owned()),
        1 => Evidence::Seen("the plan has 1 gate that measures".to_owned()),
        gates => Evidence::Seen(format!("the plan has {gates} gates that measure, each with its threshold")),
    }
}

/// Business rules, or a step that compares.
pub(super) fn validation(facts: &Facts<'_>) -> Evidence {
    let step = facts.plan.phases.iter().flat_map(|phase| &phase.steps).find(|step| step.kind.contains("verify"));
    match step {
        Some(step) => {
            Evidence::Seen(format!("step {} compares both sides, with {} business rules of `checks`", step.id, facts.spec.checks.len()))
        }
        None if !facts.spec.checks.is_empty() => Evidence::Seen(format!("checks has {} business rules", facts.spec.checks.len())),
        None => Evidence::Missing("no step compares, and checks is empty".to_owned()),
    }
}

/// Figures of before, to compare with.
pub(super) fn baseline(facts: &Facts<'_>) -> Evidence {
    let seen = facts.assessment.into_iter().flat_map(|assessment| &assessment.systems).find(|(_, seen)| !seen.baselines.is_empty());
    match seen {
        Some((name, seen)) => Evidence::Seen(format!("assessment systems.{name}.baselines has {} figures", seen.baselines.len())),
        None => Evidence::Missing("no assessment measured a baseline".to_owned()),
    }
}

/// Who is told is laid down.
pub(super) fn told(facts: &Facts<'_>) -> Evidence {
    match facts.plan.program.comms.len() {
        0 => Evidence::Missing("the plan has no communications".to_owned()),
        count => Evidence::Missing(format!("the plan has {count} communications with dates; `segue notify` drafts them")),
    }
}
