//! After a run: the plan against what happened, phase by phase and step by step, and the rates that were learned.
//!
//! Pure: the binary reads the journal and passes what it says. What has no counterpart is listed, never left out.
//! Tests: `tests/it/estimate_retrospective.rs`.

use std::collections::BTreeMap;

use segue_model::assessment::MeasuredRate;
use segue_model::plan::Plan;
use segue_model::plan::program::Quantiles;
use serde::{Deserialize, Serialize};

use super::words;

/// What a journal says of a step or of a whole phase. Times are seconds after the run's first entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actual {
    /// A step's or a phase's id.
    pub id: String,
    /// When it started.
    pub started_s: u64,
    /// When it ended; `None` while it runs or where it never did.
    pub ended_s: Option<u64>,
    /// Rows that it went over.
    pub rows: Option<u64>,
    /// Bytes that it went over.
    pub bytes: Option<u64>,
}

/// One line of plan against actual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// A phase's or a step's id.
    pub id: String,
    /// `phase` or `step`.
    pub kind: String,
    /// What was planned, in seconds: P5, P50, P95; `None` where the plan had no time for it.
    pub planned: Option<(u64, u64, u64)>,
    /// What it took, in seconds; `None` where it did not end.
    pub actual_s: Option<u64>,
    /// Actual over P50 in thousandths.
    pub ratio_permille: Option<u64>,
    /// `within`, `quicker`, `slower`, `not planned`, `not run`.
    pub verdict: String,
}

/// A rate that the run showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    /// The key of the model: `machine.backfill`.
    pub key: String,
    /// As an assessment holds it.
    pub rate: MeasuredRate,
    /// The spec key that would state it; empty where there is none.
    pub spec_key: String,
}

/// Plan against actual.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retrospective {
    /// Phases in the plan's order, each followed by its steps that have a planned or an actual time.
    pub rows: Vec<Row>,
    /// What the whole took, in seconds; `None` where it did not end.
    pub total_s: Option<u64>,
    /// What was planned for the whole.
    pub planned: Option<Quantiles>,
    /// Of the rows with both, how many lay within P5 and P95, in thousandths (F331, plan adherence).
    pub adherence_permille: Option<u64>,
    /// Rates that were learned.
    pub learned: Vec<Learned>,
    /// What could not be compared, one sentence each.
    pub not_compared: Vec<String>,
}

/// Compares a plan with what a journal says of it.
pub fn retrospective(plan: &Plan, actual: &[Actual]) -> Retrospective {
    let by_id: BTreeMap<&str, &Actual> = actual.iter().map(|actual| (actual.id.as_str(), actual)).collect();
    let mut out = Retrospective { planned: plan.program.duration, ..Retrospective::default() };
    let mut known: Vec<&str> = Vec::new();
    for phase in &plan.phases {
        known.push(&phase.name);
        let steps: Vec<&Actual> = phase.steps.iter().filter_map(|step| by_id.get(step.id.as_str()).copied()).collect();
        let whole = by_id.get(phase.name.as_str()).copied().cloned().or_else(|| of_steps(&phase.name, &steps, phase.steps.len()));
        // A machine's phase takes its work; with people in it only the calendar can be compared.
        let people = phase.project.loads.iter().any(|load| load.key.starts_with("people.") || load.key.starts_with("wait."));
        let calendar = phase.project.starts.zip(phase.project.ends).filter(|_| people);
        let between = calendar.map(|(starts, ends)| {
            (ends.p5_s.saturating_sub(starts.p5_s), ends.p50_s.saturating_sub(starts.p50_s), ends.p95_s.saturating_sub(starts.p95_s))
        });
        let work = phase.project.work.as_ref().filter(|_| !people).map(|work| (work.p5_s, work.p50_s, work.p95_s));
        out.rows.push(row(&phase.name, "phase", between.or(work), whole.as_ref()));
        for step in &phase.steps {
            known.push(&step.id);
            let load = phase.project.loads.iter().find(|load| load.of == step.id).and_then(|load| load.time.as_ref());
            let actual = by_id.get(step.id.as_str()).copied();
            if load.is_some() || actual.is_some() {
                out.rows.push(row(&step.id, "step", load.map(|time| (time.p5_s, time.p50_s, time.p95_s)), actual));
            }
        }
    }
    for actual in actual.iter().filter(|actual| !known.contains(&actual.id.as_str())) {
        out.not_compared.push(format!("`{}` was done and stands in no phase of the plan.", actual.id));
    }
    let ended = actual.iter().map(|actual| actual.ended_s).collect::<Option<Vec<u64>>>();
    out.total_s = ended.and_then(|ends| Some(ends.into_iter().max()? - actual.iter().map(|actual| actual.started_s).min()?));
    let judged: Vec<&Row> = out.rows.iter().filter(|row| row.planned.is_some() && row.actual_s.is_some()).collect();
    let within = judged.iter().filter(|row| row.verdict == "within").count() as u64;
    out.adherence_permille = (!judged.is_empty()).then(|| within * 1_000 / judged.len() as u64);
    out.learned = learned(plan, &by_id);
    out
}

/// A phase from its steps, where each of them is known.
fn of_steps(name: &str, steps: &[&Actual], count: usize) -> Option<Actual> {
    if steps.is_empty() {
        return None;
    }
    let started_s = steps.iter().map(|step| step.started_s).min()?;
    let ended = steps.iter().map(|step| step.ended_s).collect::<Option<Vec<u64>>>().filter(|_| steps.len() == count);
    Some(Actual { id: name.to_owned(), started_s, ended_s: ended.and_then(|ends| ends.into_iter().max()), rows: None, bytes: None })
}

fn row(id: &str, kind: &str, planned: Option<(u64, u64, u64)>, actual: Option<&Actual>) -> Row {
    let actual_s = actual.and_then(|actual| Some(actual.ended_s?.saturating_sub(actual.started_s)));
    let verdict = match (planned, actual_s) {
        (_, None) => "not run",
        (None, Some(_)) => "not planned",
        // A second is what a journal can tell.
        (Some((p5, _, _)), Some(took)) if took + 1 < p5 => "quicker",
        (Some((_, _, p95)), Some(took)) if took > p95 + 1 => "slower",
        _ => "within",
    };
    let ratio = planned.zip(actual_s).filter(|((_, p50, _), _)| *p50 > 0).map(|((_, p50, _), took)| took.saturating_mul(1_000) / p50);
    Row { id: id.to_owned(), kind: kind.to_owned(), planned, actual_s, ratio_permille: ratio, verdict: verdict.to_owned() }
}

/// The rates of loads with a volume that the run went over, a key together.
fn learned(plan: &Plan, by_id: &BTreeMap<&str, &Actual>) -> Vec<Learned> {
    let mut sums: BTreeMap<&str, (u64, u64, u64, usize)> = BTreeMap::new();
    for load in plan.phases.iter().flat_map(|phase| &phase.project.loads).filter(|load| load.key.starts_with("machine.")) {
        let Some(actual) = by_id.get(load.of.as_str()) else { continue };
        let Some(took) = actual.ended_s.map(|end| end.saturating_sub(actual.started_s)).filter(|took| *took > 0) else { continue };
        let rows = actual.rows.or_else(|| load.facts.get("rows").copied()).unwrap_or(0);
        let bytes = actual.bytes.or_else(|| load.facts.get("bytes").copied()).unwrap_or(0);
        if rows == 0 && bytes == 0 {
            continue;
        }
        let sum = sums.entry(&load.key).or_default();
        *sum = (sum.0 + rows, sum.1 + bytes, sum.2 + took, sum.3 + 1);
    }
    let model = super::Model::builtin();
    let rate = |(key, (rows, bytes, took, count)): (&str, (u64, u64, u64, usize))| {
        let entry = key.strip_prefix("machine.").and_then(|name| model.machine.get(name))?;
        let system = plan.execution.system.clone();
        let sample =
            format!("the run itself: {} rows in {} ({})", words::grouped(rows), words::seconds(took), words::count(count as u64, "step"));
        let rate = MeasuredRate {
            what: entry.measured_as.clone(),
            source: system,
            target: String::new(),
            bytes_per_s: bytes / took,
            rows_per_s: rows / took,
            sample,
        };
        Some(Learned { key: key.to_owned(), rate, spec_key: entry.stated_as.clone() })
    };
    sums.into_iter().filter_map(rate).collect()
}
