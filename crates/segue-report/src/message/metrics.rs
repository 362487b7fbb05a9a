//! Measures of success (document 000; gates of 001 and 002): from the journal where it knows them, else not measured.
//!
//! A missing figure is `None` with what would measure it; it is never a guess. Tests: `tests/it/message_metrics.rs`.

use segue_model::plan::{Condition, Plan};
use serde::Serialize;

use super::RunView;
use crate::plan::say;

/// One measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Metric {
    /// `completion_rate`.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// The figure with its unit; `None` where nobody measured it.
    pub value: Option<String>,
    /// Where it comes from, or what would measure it.
    pub from: String,
}

/// Names of the figure of rows in what a step gives; the first that is there counts.
const ROWS: &[&str] = &["converted", "rows_converted", "rows_copied", "copied", "rows"];

/// Every measure, in the order of the documents.
pub fn metrics(plan: &Plan, run: Option<&RunView>) -> Vec<Metric> {
    let known = |id, name, value: Option<String>, from: &str| Metric { id, name, value, from: from.to_owned() };
    let asked = |id, name, from: &str| Metric { id, name, value: None, from: from.to_owned() };
    let metrics_system = "a metrics system over both sides would measure it";
    let people = "people are asked for it";
    vec![
        known("completion_rate", "Migration completion", run.map(completion), "steps verified of all steps, from the journal"),
        known("downtime", "Downtime", run.and_then(pause), "pauses that the steps measured"),
        known(
            "consistency",
            "Data consistency",
            run.and_then(|run| consistency(plan, run)),
            "gates and steps that compare, from the journal",
        ),
        asked("performance_delta", "Performance against the baseline", metrics_system),
        known(
            "error_rate",
            "Failed operations of the migration",
            run.and_then(failures),
            "failed attempts of all attempts, from the journal",
        ),
        asked("customer_impact", "Customer impact", "tickets and surveys would measure it"),
        asked("revenue_protection", "Revenue kept", "the business's own figures would measure it"),
        known(
            "time_to_value",
            "Time from the start to the cut-over's end",
            run.and_then(|run| time_to_value(plan, run)),
            "times of phases, from the journal",
        ),
        asked("stakeholder_satisfaction", "Satisfaction of those concerned", people),
        known(
            "plan_adherence",
            "Phases within their estimate",
            run.and_then(|run| adherence(plan, run)),
            "phases that took at most their P80 (else their estimate) of those that ended",
        ),
        known(
            "resolution_time",
            "Mean time to solve a failure",
            run.and_then(resolution),
            "from the failure to the verified or undone step",
        ),
        asked("team_efficiency", "Efficiency of the team", "hours worked against the plan's effort would measure it"),
        asked("knowledge_transfer", "Knowledge handed over", people),
        known("zero_data_loss", "No data lost", run.and_then(|run| no_loss(plan, run)), "rows kept aside and what the steps compared"),
        asked("error_rate_gate", "Error rate of the service", metrics_system),
        asked("tests_and_docs", "Integration tests, acceptance and documentation", "the checklist `after` asks people for it"),
    ]
}

/// Rows that the steps which fill or copy say they did; those that only compare do not count.
pub(super) fn rows_converted(plan: &Plan, run: Option<&RunView>) -> Option<u64> {
    let run = run?;
    let fills = |kind: &str| ["backfill", "copy", "load", "import"].iter().any(|part| kind.contains(part));
    let steps = plan.phases.iter().flat_map(|phase| &phase.steps).filter(|step| fills(&step.kind));
    let rows: Vec<u64> = steps.filter_map(|step| ROWS.iter().find_map(|name| run.figures.get(&step.id)?.get(*name).copied())).collect();
    (!rows.is_empty()).then(|| rows.iter().sum())
}

fn percent(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "nothing to do".to_owned();
    }
    let permille = part * 1_000 / whole;
    if permille.is_multiple_of(10) { format!("{}%", permille / 10) } else { format!("{}.{}%", permille / 10, permille % 10) }
}

fn completion(run: &RunView) -> String {
    let (done, all) = run.progress();
    format!("{} ({done} of {})", percent(done, all), say::many(all as u64, "step"))
}

fn pause(run: &RunView) -> Option<String> {
    let named = |name: &str| name.contains("pause") && name.ends_with("_ms");
    let pauses: Vec<u64> = run.figures.values().flatten().filter(|(name, _)| named(name)).map(|(_, ms)| *ms).collect();
    (!pauses.is_empty()).then(|| format!("{} ms", pauses.iter().sum::<u64>()))
}

fn consistency(plan: &Plan, run: &RunView) -> Option<String> {
    let compares = |condition: &Condition| matches!(condition, Condition::Check { .. } | Condition::RowsRejected { .. });
    let gates = plan.phases.iter().flat_map(|phase| phase.entry.iter().chain(&phase.gates)).filter(|gate| compares(&gate.condition));
    let gates: Vec<bool> = gates.map(|gate| run.gates.contains_key(&gate.id)).collect();
    let steps = plan.phases.iter().flat_map(|phase| &phase.steps).filter(|step| step.kind.contains("verify"));
    let steps: Vec<bool> = steps.map(|step| run.verified.contains(&step.id)).collect();
    let all = gates.len() + steps.len();
    let passed = gates.iter().chain(&steps).filter(|passed| **passed).count();
    (all > 0).then(|| format!("{} ({passed} of {all} comparisons passed)", percent(passed, all)))
}

fn failures(run: &RunView) -> Option<String> {
    let attempts = usize::try_from(run.attempts).ok().filter(|attempts| *attempts > 0)?;
    Some(format!("{} ({} of {attempts} attempts)", percent(run.troubles.len().min(attempts), attempts), run.troubles.len()))
}

fn time_to_value(plan: &Plan, run: &RunView) -> Option<String> {
    let (_, ended) = run.phases.get(&plan.cutover()?.name)?;
    let ms = (*ended)?.saturating_sub(run.started_ms?);
    u64::try_from(ms).ok().map(|ms| say::time(ms.div_ceil(1_000)))
}

fn adherence(plan: &Plan, run: &RunView) -> Option<String> {
    let mut kept = 0;
    let mut ended = 0;
    for phase in &plan.phases {
        let Some((begun, Some(end))) = run.phases.get(&phase.name) else { continue };
        let planned = match (phase.project.starts, phase.project.ends) {
            (Some(starts), Some(ends)) => ends.p80_s.saturating_sub(starts.p50_s).max(phase.estimate.seconds),
            _ => phase.estimate.seconds,
        };
        let actual = u64::try_from(end.saturating_sub(*begun)).unwrap_or(0).div_ceil(1_000);
        ended += 1;
        kept += usize::from(actual <= planned);
    }
    (ended > 0).then(|| format!("{} ({kept} of {})", percent(kept, ended), say::many(ended as u64, "phase")))
}

fn resolution(run: &RunView) -> Option<String> {
    let solved: Vec<u64> =
        run.troubles.iter().filter_map(|trouble| u64::try_from(trouble.solved_ms?.saturating_sub(trouble.at_ms)).ok()).collect();
    let count = u64::try_from(solved.len()).ok().filter(|count| *count > 0)?;
    Some(format!("{} over {count}", say::time((solved.iter().sum::<u64>() / count).div_ceil(1_000))))
}

/// Nothing is lost where every comparison passed and no row differs, waits or is kept aside.
fn no_loss(plan: &Plan, run: &RunView) -> Option<String> {
    let bad = |name: &str| run.figures.values().filter_map(|figures| figures.get(name)).sum::<u64>();
    let found: Vec<String> = [("mismatches", "differing"), ("rejected", "kept aside"), ("unconverted", "not converted")]
        .into_iter()
        .filter_map(|(name, words)| Some(bad(name)).filter(|rows| *rows > 0).map(|rows| format!("{} {words}", say::many(rows, "row"))))
        .collect();
    if !found.is_empty() {
        return Some(format!("no: {}", found.join(", ")));
    }
    let rejected = |condition: &Condition| matches!(condition, Condition::RowsRejected { .. });
    let mut gates = plan.phases.iter().flat_map(|phase| phase.entry.iter().chain(&phase.gates)).filter(|gate| rejected(&gate.condition));
    let steps: Vec<_> = plan.phases.iter().flat_map(|phase| &phase.steps).filter(|step| step.kind.contains("verify")).collect();
    let whole =
        !steps.is_empty() && steps.iter().all(|step| run.verified.contains(&step.id)) && gates.all(|gate| run.gates.contains_key(&gate.id));
    whole.then(|| "yes, as far as it was compared: every comparison passed".to_owned())
}
