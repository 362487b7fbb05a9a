//! A run as messages need it: its status, when it began and ended, what went wrong, what each phase took.
//!
//! Built from the journal; holds ids, codes, times and counts, never a row's value. Tests: `tests/it/message_metrics.rs`.

use std::collections::BTreeMap;

use segue_model::event::{Entry, Event};
use serde::Serialize;

use crate::view::StatusView;

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunView {
    /// Where it is.
    pub status: StatusView,
    /// When it began, in milliseconds since 1970 UTC.
    pub started_ms: Option<i64>,
    /// When it ended.
    pub ended_ms: Option<i64>,
    /// When the journal was last written.
    pub last_ms: Option<i64>,
    /// When each phase began and ended.
    pub phases: BTreeMap<String, (i64, Option<i64>)>,
    /// Steps that were begun, again after a failure too.
    pub attempts: u64,
    /// Steps that were verified.
    pub verified: Vec<String>,
    /// The step that is under way.
    pub under_way: Option<String>,
    /// What went wrong.
    pub troubles: Vec<Trouble>,
    /// Gates that opened: id → value.
    pub gates: BTreeMap<String, String>,
    /// Evidence and output figures by step: rows and milliseconds.
    pub figures: BTreeMap<String, BTreeMap<String, u64>>,
    /// The last going back: when, to which phase (empty: the beginning), what it was said to lose, whether it is over.
    pub back: Option<WentBack>,
}

/// Something that went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// The step.
    pub step: String,
    /// The error's code.
    pub code: String,
    /// The error in one sentence.
    pub message: String,
    /// When.
    pub at_ms: i64,
    /// When the step was verified after all, or undone.
    pub solved_ms: Option<i64>,
}

/// A going back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WentBack {
    /// When it began.
    pub at_ms: i64,
    /// The phase that stays; empty for the beginning.
    pub to: String,
    /// What was said to be lost.
    pub loses: String,
    /// When it was over.
    pub over_ms: Option<i64>,
}

impl RunView {
    /// The run that the journal tells.
    pub fn of(status: StatusView, entries: &[Entry]) -> Self {
        let mut view = Self {
            status,
            started_ms: None,
            ended_ms: None,
            last_ms: entries.last().map(|entry| entry.at_ms),
            phases: BTreeMap::new(),
            attempts: 0,
            verified: Vec::new(),
            under_way: None,
            troubles: Vec::new(),
            gates: BTreeMap::new(),
            figures: BTreeMap::new(),
            back: None,
        };
        for entry in entries {
            view.take(entry);
        }
        view
    }

    fn take(&mut self, entry: &Entry) {
        let at = entry.at_ms;
        match &entry.event {
            Event::RunStarted { .. } => self.started_ms = Some(at),
            Event::PhaseStarted { phase } => {
                self.phases.entry(phase.clone()).or_insert((at, None));
            }
            Event::PhaseEnded { phase } => {
                self.phases.entry(phase.clone()).or_insert((at, None)).1 = Some(at);
            }
            Event::StepStarted { step, .. } => {
                self.attempts += 1;
                self.under_way = Some(step.clone());
            }
            Event::StepPerformed { step, output } => self.keep(step, output),
            Event::StepVerified { step, evidence } => {
                self.keep(step, evidence);
                self.verified.push(step.clone());
                self.under_way = None;
                self.solve(step, at);
            }
            Event::StepFailed { step, code, message } | Event::Stuck { step, code, message } => {
                let (step, code, message) = (step.clone(), code.clone(), message.clone());
                self.troubles.push(Trouble { step, code, message, at_ms: at, solved_ms: None });
            }
            Event::GatePassed { gate, value, .. } => {
                self.gates.insert(gate.clone(), value.clone());
            }
            Event::RollbackStarted { to, loses, .. } => {
                self.back = Some(WentBack { at_ms: at, to: to.clone(), loses: loses.clone(), over_ms: None });
            }
            Event::Undone { step } => {
                self.verified.retain(|known| known != step);
                self.under_way = None;
                self.solve(step, at);
            }
            Event::RolledBack { .. } => {
                if let Some(back) = &mut self.back {
                    back.over_ms = Some(at);
                }
            }
            Event::RunEnded { .. } => self.ended_ms = Some(at),
            _ => {}
        }
    }

    fn solve(&mut self, step: &str, at: i64) {
        for trouble in self.troubles.iter_mut().filter(|trouble| trouble.step == step && trouble.solved_ms.is_none()) {
            trouble.solved_ms = Some(at);
        }
    }

    /// Whole numbers of an output, by name: no text of it.
    fn keep(&mut self, step: &str, value: &serde_json::Value) {
        let Some(map) = value.as_object() else { return };
        let figures = self.figures.entry(step.to_owned()).or_default();
        figures.extend(map.iter().filter_map(|(name, value)| Some((name.clone(), value.as_u64()?))));
    }

    /// Steps behind it and in all.
    pub fn progress(&self) -> (usize, usize) {
        let phases = &self.status.phases;
        (phases.iter().map(|phase| phase.steps_done).sum(), phases.iter().map(|phase| phase.steps).sum())
    }
}
