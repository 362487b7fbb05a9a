//! The transition table: `next(state, event)` is pure, and everything that is known of a run comes out of it.
//!
//! Never reads a clock, a file or a database. An event that cannot follow is [`Illegal`]: neither written by the
//! executor nor accepted from a file. Here is the state and what it tells; [`table`] says what may follow.
//! Tests: `tests/it/transition.rs` (properties over random events).

mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use segue_model::event::{Entry, Event, JOURNAL_VERSION, Outcome};
use segue_model::plan::{Gate, Phase, Plan, Step};
use serde_json::Value;

use crate::error::JournalError;

pub use table::next;

/// Where a phase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhaseState {
    /// Not begun, or undone.
    NotStarted,
    /// Under way.
    Started,
    /// Its steps and gates are behind it.
    Ended {
        /// Since when, in milliseconds since 1970 UTC.
        at_ms: i64,
    },
}

/// Where a step is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepState {
    /// Never begun.
    NotStarted,
    /// Begun; how far is known only by observing.
    Started {
        /// From 1.
        attempt: u32,
        /// The last checkpoint.
        checkpoint: Option<Value>,
    },
    /// Its effect is there, by its own word.
    Performed {
        /// The attempt that did it.
        attempt: u32,
        /// What it gave.
        output: Value,
    },
    /// Its effect was seen by an independent read.
    Verified {
        /// The attempt that did it.
        attempt: u32,
        /// What it gave.
        output: Value,
        /// What was seen.
        evidence: Value,
    },
    /// It could not go on.
    Failed {
        /// The attempt that failed.
        attempt: u32,
        /// The last checkpoint.
        checkpoint: Option<Value>,
        /// The error's code.
        code: String,
        /// The error in one sentence.
        message: String,
    },
    /// Its undo began.
    Undoing {
        /// The last attempt.
        attempt: u32,
    },
    /// It is undone and may begin again.
    Undone {
        /// The last attempt.
        attempt: u32,
    },
}

impl StepState {
    /// The number of the last attempt; 0 when there was none.
    pub fn attempt(&self) -> u32 {
        match self {
            Self::NotStarted => 0,
            Self::Started { attempt, .. }
            | Self::Performed { attempt, .. }
            | Self::Verified { attempt, .. }
            | Self::Failed { attempt, .. }
            | Self::Undoing { attempt }
            | Self::Undone { attempt } => *attempt,
        }
    }

    /// Done and seen to be done.
    pub fn is_verified(&self) -> bool {
        matches!(self, Self::Verified { .. })
    }

    /// The last checkpoint of a step that is under way or failed.
    pub fn checkpoint(&self) -> Option<&Value> {
        match self {
            Self::Started { checkpoint, .. } | Self::Failed { checkpoint, .. } => checkpoint.as_ref(),
            _ => None,
        }
    }

    /// What it gave, once performed.
    pub fn output(&self) -> Option<&Value> {
        match self {
            Self::Performed { output, .. } | Self::Verified { output, .. } => Some(output),
            _ => None,
        }
    }
}

/// What the run as a whole is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// Going forward, or ready to.
    Forward,
    /// A gate is closed.
    Waiting {
        /// The gate's id.
        gate: String,
        /// What was measured.
        value: String,
        /// What is asked.
        threshold: String,
    },
    /// At rest until it is resumed.
    Paused {
        /// Who asked, or why.
        why: String,
    },
    /// Going back.
    RollingBack {
        /// The phase that stays; empty for the beginning.
        to: String,
        /// The run ends there.
        ends: bool,
    },
    /// An undo failed.
    Stuck {
        /// The step.
        step: String,
        /// The error's code.
        code: String,
        /// The error in one sentence.
        message: String,
        /// The phase that was to stay.
        to: String,
        /// The run was to end there.
        ends: bool,
    },
    /// Over.
    Ended(Outcome),
}

/// Everything that a journal says, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The plan.
    pub plan: Arc<Plan>,
    /// Step kinds and versions as the run began.
    pub step_kinds: Arc<BTreeMap<String, u32>>,
    /// When the run was created.
    pub started_at_ms: i64,
    /// When the last entry was written.
    pub at_ms: i64,
    /// The last entry's number.
    pub seq: u64,
    /// The epoch of the last executor.
    pub epoch: u64,
    /// Each phase of the plan, in its order.
    pub phases: Vec<PhaseState>,
    /// Each step of the plan by its id.
    pub steps: BTreeMap<String, StepState>,
    /// Gates that were passed and not gone back over.
    pub gates: BTreeSet<String>,
    /// What was approved (a gate's id or `plan`) and by whom.
    pub approvals: BTreeMap<String, String>,
    /// Everybody who approved, by gate: a gate may ask for several people.
    pub approvers: BTreeMap<String, BTreeSet<String>>,
    /// What the run is doing.
    pub mode: Mode,
    stack: Vec<String>,
}

/// An event that cannot follow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Illegal {
    /// Why, in names and numbers.
    pub why: String,
}

fn illegal<T>(why: impl Into<String>) -> Result<T, Illegal> {
    Err(Illegal { why: why.into() })
}

fn require(holds: bool, why: impl FnOnce() -> String) -> Result<(), Illegal> {
    if holds { Ok(()) } else { illegal(why()) }
}

impl State {
    /// The state after the first event, which must be `run_started`.
    pub fn begin(event: &Event, at_ms: i64) -> Result<Self, Illegal> {
        let Event::RunStarted { journal_version, plan, step_kinds, .. } = event else {
            return illegal("a journal begins with run_started");
        };
        require(*journal_version <= JOURNAL_VERSION, || format!("journal version {journal_version} is newer than {JOURNAL_VERSION}"))?;
        let ids: Vec<&String> = plan.phases.iter().flat_map(|phase| &phase.steps).map(|step| &step.id).collect();
        let steps: BTreeMap<String, StepState> = ids.iter().map(|id| ((*id).clone(), StepState::NotStarted)).collect();
        require(steps.len() == ids.len(), || "two steps of the plan have one id".to_owned())?;
        Ok(Self {
            phases: vec![PhaseState::NotStarted; plan.phases.len()],
            plan: Arc::new((**plan).clone()),
            step_kinds: Arc::new(step_kinds.clone()),
            started_at_ms: at_ms,
            at_ms,
            seq: 1,
            epoch: 0,
            steps,
            gates: BTreeSet::new(),
            approvals: BTreeMap::new(),
            approvers: BTreeMap::new(),
            mode: Mode::Forward,
            stack: Vec::new(),
        })
    }

    /// The state after one more entry: its number, its epoch and its event must follow.
    pub fn after(&self, entry: &Entry) -> Result<Self, Illegal> {
        require(entry.seq == self.seq + 1, || format!("entry {} follows entry {}", entry.seq, self.seq))?;
        let mut timed = self.clone();
        timed.at_ms = entry.at_ms;
        let mut state = next(&timed, &entry.event)?;
        require(entry.epoch == state.epoch, || format!("entry {} has epoch {}, not {}", entry.seq, entry.epoch, state.epoch))?;
        state.seq = entry.seq;
        Ok(state)
    }

    /// The state of a step; a step that the plan does not have was not started.
    pub fn step(&self, id: &str) -> &StepState {
        self.steps.get(id).unwrap_or(&StepState::NotStarted)
    }

    /// The index of a phase in the plan.
    pub fn phase_index(&self, name: &str) -> Option<usize> {
        self.plan.phases.iter().position(|phase| phase.name == name)
    }

    /// The first phase that is not over; `None` when all are.
    pub fn current_phase(&self) -> Option<&Phase> {
        let index = self.phases.iter().position(|phase| !matches!(phase, PhaseState::Ended { .. }))?;
        self.plan.phases.get(index)
    }

    /// How many of a phase's steps are verified.
    pub fn steps_done(&self, phase: &str) -> usize {
        let steps = self.phase_index(phase).map_or(&[][..], |index| &self.plan.phases[index].steps);
        steps.iter().filter(|step| self.step(&step.id).is_verified()).count()
    }

    /// When a phase was over, in milliseconds since 1970 UTC.
    pub fn phase_ended_at(&self, phase: &str) -> Option<i64> {
        match self.phases.get(self.phase_index(phase)?)? {
            PhaseState::Ended { at_ms } => Some(*at_ms),
            _ => None,
        }
    }

    /// Steps that were started and not undone, the first first. The last is undone first.
    pub fn undo_stack(&self) -> &[String] {
        &self.stack
    }

    /// The new side is complete: every row is converted, verified, and the new form is strict. Not every plan has
    /// every phase: what counts is that nothing is left before `contract`.
    pub fn ready(&self) -> bool {
        self.plan.phases.iter().filter(|phase| phase.name != "contract").all(|phase| self.phase_ended_at(&phase.name).is_some())
    }

    /// Steps that going back to `to` would undo, in the order of undoing. `to` is a phase's name or empty.
    pub fn undone_by(&self, to: &str) -> Vec<&Step> {
        let goes: BTreeSet<&str> =
            self.plan.phases[self.kept_by(to)..].iter().flat_map(|phase| &phase.steps).map(|step| step.id.as_str()).collect();
        self.stack.iter().rev().filter(|id| goes.contains(id.as_str())).filter_map(|id| self.plan.step(id)).collect()
    }

    /// Whether going back may stop at `to`: a run that goes back already may only go further.
    pub fn may_go_back_to(&self, to: &str) -> bool {
        match &self.mode {
            Mode::RollingBack { to: under_way, .. } | Mode::Stuck { to: under_way, .. } => self.kept_by(to) <= self.kept_by(under_way),
            _ => true,
        }
    }

    /// How many phases stay when the run goes back to `to`.
    fn kept_by(&self, to: &str) -> usize {
        self.phase_index(to).map_or(0, |index| index + 1)
    }

    /// How many different people approved this gate itself; a yes to the whole plan does not count.
    pub fn approvers(&self, gate: &str) -> usize {
        self.approvers.get(gate).map_or(0, BTreeSet::len)
    }

    /// The approval of a gate, if there is one: its own, or that of the whole plan.
    pub fn approval(&self, gate: &str) -> Option<&str> {
        self.approvals.get(gate).or_else(|| self.approvals.get("plan")).map(String::as_str)
    }

    /// The next step in order, when its phase is under way.
    fn next_step(&self) -> Option<&Step> {
        let index = self.phases.iter().position(|phase| *phase == PhaseState::Started)?;
        self.plan.phases[index].steps.iter().find(|step| !self.step(&step.id).is_verified())
    }

    /// The gates that stand open or closed right now: entry gates of a phase that has not begun, or the gates of
    /// one whose steps are all verified.
    fn gates_now(&self) -> &[Gate] {
        let Some(index) = self.phases.iter().position(|phase| !matches!(phase, PhaseState::Ended { .. })) else {
            return &[];
        };
        let phase = &self.plan.phases[index];
        match self.phases[index] {
            PhaseState::NotStarted => &phase.entry,
            _ if phase.steps.iter().all(|step| self.step(&step.id).is_verified()) => &phase.gates,
            _ => &[],
        }
    }
}

/// The whole state of a run from its entries.
pub fn replay(run: &str, entries: &[Entry]) -> Result<State, JournalError> {
    let refused = |illegal: Illegal| JournalError::Illegal { run: run.to_owned(), why: illegal.why };
    let Some((first, rest)) = entries.split_first() else {
        return Err(JournalError::NoRun { run: run.to_owned() });
    };
    if first.seq != 1 || first.epoch != 0 {
        return Err(refused(Illegal { why: "the first entry is not entry 1 of epoch 0".to_owned() }));
    }
    let mut state = State::begin(&first.event, first.at_ms).map_err(refused)?;
    for entry in rest {
        state = state.after(entry).map_err(refused)?;
    }
    Ok(state)
}
