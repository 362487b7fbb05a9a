//! What a rehearsal of the same changes showed, into the plan: before anything is estimated, ticked or judged, because all of
//! these look at it.
//!
//! A time of a copy that did not hold all rows is no time of a phase; the time of an undo is one of that copy, and says so.
//! Tests: `tests/it/project_limits.rs`, and a real rehearsal in the binary's tests.

use segue_model::plan::program::{Rehearsal, StepTimes};
use segue_model::plan::{Estimate, Plan};

/// Takes it over where it is of the plan's own changes.
pub(crate) fn into_plan(plan: &mut Plan, rehearsal: Option<&Rehearsal>) {
    let Some(rehearsal) = rehearsal.filter(|rehearsal| rehearsal.spec_digest == plan.execution.spec_digest) else { return };
    let rows = if rehearsal.whole { "all rows".to_owned() } else { format!("{} rows of the tables", rehearsal.rows) };
    let from = format!("measured in rehearsal {} on {rows}", rehearsal.id);
    for phase in &mut plan.phases {
        let times: Vec<StepTimes> = phase.steps.iter().filter_map(|step| rehearsal.steps.get(&step.id).copied()).collect();
        if rehearsal.whole && times.len() == phase.steps.len() && !times.is_empty() {
            let ms: u64 = times.iter().map(|time| time.perform_ms).sum();
            phase.estimate = Estimate { seconds: ms.div_ceil(1_000), from: from.clone() };
        }
        for step in &mut phase.steps {
            if let Some(undo_ms) = rehearsal.steps.get(&step.id).and_then(|time| time.undo_ms) {
                step.undo.time = Some(Estimate { seconds: undo_ms.div_ceil(1_000), from: from.clone() });
            }
        }
    }
    plan.program.rehearsal = Some(rehearsal.clone());
}
