//! Whether the way back is complete: every step can be undone by something written down, and nothing is unknown.
//!
//! Green says that it is complete, never that it was tried: what nobody tried stands beside it. Tests:
//! `tests/it/runbook_exports.rs`.

use segue_model::plan::{Plan, Step};
use segue_model::units::counted;
use serde::Serialize;

use super::sheet::printable;

/// Red or green.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Something is missing.
    Red,
    /// It is complete.
    Green,
}

/// The readiness of the way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// Red while there is a reason.
    pub state: State,
    /// What is missing, one sentence each.
    pub reasons: Vec<String>,
    /// What is complete and was never tried, one sentence each.
    pub untested: Vec<String>,
}

impl Readiness {
    /// Whether something is missing.
    pub fn is_red(&self) -> bool {
        self.state == State::Red
    }

    /// `RED` or `GREEN`.
    pub fn word(&self) -> &'static str {
        if self.is_red() { "RED" } else { "GREEN" }
    }
}

/// The readiness of the plan's way back.
pub fn readiness(plan: &Plan) -> Readiness {
    let mut reasons = Vec::new();
    for needed in &plan.program.needed {
        // What only makes dates wider does not stand in the way back.
        let only_dates = !needed.for_what.is_empty() && needed.for_what.iter().all(|what| what == "estimate");
        if !only_dates {
            let reason = format!("needed before start: {} (`{}`)", needed.what.trim_end_matches('.'), needed.spec_key);
            // The same answer may be asked for in several phases.
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
    }
    for phase in &plan.phases {
        if phase.project.rollback.possible == "no" && phase.steps.iter().all(|step| step.reversible != "no") {
            reasons.push(format!("phase `{}` has no way back, and none of its steps says why", phase.name));
        }
        phase.steps.iter().for_each(|step| step_reasons(step, &mut reasons));
    }
    let state = if reasons.is_empty() { State::Green } else { State::Red };
    Readiness { state, reasons, untested: untested(plan) }
}

fn step_reasons(step: &Step, reasons: &mut Vec<String>) {
    let mut say = |what: String| reasons.push(format!("step `{}`: {what}", step.id));
    if step.by == "command" {
        match &step.outside.command {
            None => say("it is done by a command, and there is none".to_owned()),
            Some(command) => {
                if let Err(reason) = printable(command) {
                    say(reason);
                }
            }
        }
    }
    if step.undo.what.trim().is_empty() {
        say("nobody said how it is undone, or why it cannot be".to_owned());
    }
    if step.reversible != "no"
        && let Some(Err(reason)) = step.undo.command.as_ref().map(printable)
    {
        say(format!("going back: {reason}"));
    }
}

fn untested(plan: &Plan) -> Vec<String> {
    let Some(rehearsal) = &plan.program.rehearsal else {
        let how = if plan.runs() { "`segue rehearse` tries it on a copy" } else { "try it on a test system" };
        return vec![format!("The way back was never rehearsed: {how}.")];
    };
    let mut out = Vec::new();
    if rehearsal.spec_digest != plan.execution.spec_digest {
        out.push(format!("Rehearsal {} was of other changes.", rehearsal.id));
    }
    if !rehearsal.whole {
        out.push(format!("Rehearsal {} ran on a sample of {}.", rehearsal.id, counted(rehearsal.rows, "row")));
    }
    out.extend(rehearsal.not_covered.iter().map(|what| format!("Not covered by rehearsal {}: {what}", rehearsal.id)));
    out
}
