//! The cost of going back as a curve over the plan: from the end of each phase to the beginning.
//!
//! A time is given only where each step's time is known; a sum with a gap would be a lie. Tests:
//! `tests/it/runbook_exports.rs`.

use segue_model::plan::{Phase, Plan};
use serde::Serialize;

use super::sheet::{PhaseSheet, phase_undo_time, sheets};

/// Going back from the end of a phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Back {
    /// The phase.
    pub phase: String,
    /// `yes`, `with-loss` or `no`.
    pub possible: String,
    /// Seconds to the very beginning; `None` where somebody would have to guess.
    pub seconds: Option<u64>,
    /// Phases whose time nobody knows.
    pub unknown: Vec<String>,
    /// Where the times come from, each source once.
    pub from: Vec<String>,
    /// What would be lost.
    pub loses: Vec<String>,
    /// What users would notice.
    pub users_notice: Vec<String>,
}

/// A point for each phase, in order.
pub fn curve(plan: &Plan) -> Vec<Back> {
    let sheets = sheets(plan);
    (0..plan.phases.len()).map(|at| point(plan, &sheets, at)).collect()
}

fn point(plan: &Plan, sheets: &[PhaseSheet], at: usize) -> Back {
    let behind: &[Phase] = &plan.phases[..=at];
    let words = |text: fn(&PhaseSheet) -> &String, nothing: fn(&str) -> bool| {
        let mut out: Vec<String> = Vec::new();
        for sheet in sheets[..=at].iter().rev() {
            let text = text(sheet);
            if !nothing(text) && !out.contains(text) {
                out.push(text.clone());
            }
        }
        out
    };
    let loses = words(|sheet| &sheet.back.loses, |text| text.is_empty() || text == "0 rows");
    let mut point = Back {
        phase: plan.phases[at].name.clone(),
        possible: possible(behind, sheets),
        seconds: None,
        unknown: Vec::new(),
        from: Vec::new(),
        loses: if loses.is_empty() { vec!["0 rows".to_owned()] } else { loses },
        users_notice: words(|sheet| &sheet.back.users_notice, |text| text.is_empty() || text.starts_with("none")),
    };
    if point.possible == "no" {
        return point;
    }
    let mut seconds = 0;
    for phase in behind.iter().filter(|phase| !phase.steps.is_empty()) {
        match phase_undo_time(plan, phase) {
            Some(time) => {
                seconds += time.seconds;
                if !point.from.contains(&time.from) {
                    point.from.push(time.from);
                }
            }
            None => point.unknown.push(phase.name.clone()),
        }
    }
    point.seconds = point.unknown.is_empty().then_some(seconds);
    point
}

fn possible(behind: &[Phase], sheets: &[PhaseSheet]) -> String {
    let with_loss = sheets[..behind.len()].iter().any(|sheet| sheet.back.possible == "with-loss");
    match () {
        () if behind.iter().any(Phase::is_final) => "no",
        () if with_loss => "with-loss",
        () => "yes",
    }
    .to_owned()
}
