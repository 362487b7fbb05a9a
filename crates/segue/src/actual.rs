//! What a run really took, from its journal, for the comparison with its plan.

use std::collections::BTreeMap;

use segue_model::event::{Entry, Event};
use segue_planner::estimate::Actual;

/// Every step and phase of the journal, in seconds since the run began; the last time that each was done counts.
pub(crate) fn of(entries: &[Entry]) -> Vec<Actual> {
    let Some(first) = entries.first() else { return Vec::new() };
    let at = |entry: &Entry| u64::try_from((entry.at_ms - first.at_ms) / 1_000).unwrap_or(0);
    let mut all: BTreeMap<String, Actual> = BTreeMap::new();
    let begin = |all: &mut BTreeMap<String, Actual>, id: &str, started_s: u64| {
        // A step that is entered again after a crash goes on: its work began where it first began.
        let known =
            all.entry(id.to_owned()).or_insert_with(|| Actual { id: id.to_owned(), started_s, ended_s: None, rows: None, bytes: None });
        if known.ended_s.take().is_some() {
            known.started_s = started_s;
        }
    };
    for entry in entries {
        match &entry.event {
            Event::PhaseStarted { phase } => begin(&mut all, phase, at(entry)),
            Event::StepStarted { step, .. } => begin(&mut all, step, at(entry)),
            Event::PhaseEnded { phase } => end(&mut all, phase, at(entry)),
            Event::StepVerified { step, .. } => end(&mut all, step, at(entry)),
            Event::StepPerformed { step, output } => {
                let rows = ["rows", "rows_done", "converted", "compared"].iter().find_map(|key| output.get(*key)?.as_u64());
                if let (Some(actual), Some(rows)) = (all.get_mut(step), rows) {
                    actual.rows = Some(rows);
                }
            }
            _ => {}
        }
    }
    all.into_values().collect()
}

fn end(all: &mut BTreeMap<String, Actual>, id: &str, ended_s: u64) {
    if let Some(actual) = all.get_mut(id) {
        actual.ended_s = Some(ended_s);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_time_counts_and_a_crash_does_not_begin_anew() {
        let step = || "backfill/users".to_owned();
        let events = [
            (0, Event::PhaseStarted { phase: "backfill".to_owned() }),
            (1_000, Event::StepStarted { step: step(), version: 1, attempt: 1 }),
            (5_000, Event::StepStarted { step: step(), version: 1, attempt: 2 }),
            (9_000, Event::StepPerformed { step: step(), output: serde_json::json!({"rows": 70}) }),
            (9_500, Event::StepVerified { step: step(), evidence: serde_json::Value::Null }),
        ];
        let entries: Vec<Entry> =
            events.into_iter().enumerate().map(|(at, (at_ms, event))| Entry { seq: at as u64 + 1, at_ms, epoch: 1, event }).collect();
        let actual = of(&entries);
        let found = actual.iter().find(|actual| actual.id == step()).expect("the step");
        assert_eq!((found.started_s, found.ended_s, found.rows), (1, Some(9), Some(70)));
        assert_eq!(actual.iter().find(|actual| actual.id == "backfill").and_then(|actual| actual.ended_s), None);
    }
}
