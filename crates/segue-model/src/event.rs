//! What a journal tells: one event a transition. Append-only; a kind is never removed or given another meaning.
//!
//! Events hold names, counts, digests and codes. They never hold a row's values or a secret.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::plan::Plan;

/// The version of the journal's form. A reader refuses a newer one by name.
pub const JOURNAL_VERSION: u32 = 1;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The first event of every journal.
    RunStarted {
        /// [`JOURNAL_VERSION`].
        journal_version: u32,
        /// The version of Segue.
        segue: String,
        /// The plan, whole; its digest is in it.
        plan: Box<Plan>,
        /// Step kinds and their versions as of this run.
        step_kinds: BTreeMap<String, u32>,
    },
    /// An executor took the run.
    LeaseTaken {
        /// Who: `host:pid`.
        holder: String,
        /// The fencing epoch, one more than the last.
        epoch: u64,
    },
    /// A phase began.
    PhaseStarted {
        /// Which.
        phase: String,
    },
    /// A phase's steps and gates are behind it.
    PhaseEnded {
        /// Which.
        phase: String,
    },
    /// A step began, or is entered again after a crash. From here on it is on the undo stack.
    StepStarted {
        /// The step's id.
        step: String,
        /// The kind's version.
        version: u32,
        /// From 1.
        attempt: u32,
    },
    /// A step got this far. Not synced.
    Checkpoint {
        /// The step's id.
        step: String,
        /// Where to go on; the step's own form.
        data: serde_json::Value,
    },
    /// A step's effect is there.
    StepPerformed {
        /// The step's id.
        step: String,
        /// What it gave: counts and names.
        output: serde_json::Value,
    },
    /// An independent read saw the effect.
    StepVerified {
        /// The step's id.
        step: String,
        /// What it saw.
        evidence: serde_json::Value,
    },
    /// A step could not go on; the run can be entered again.
    StepFailed {
        /// The step's id.
        step: String,
        /// The error's code.
        code: String,
        /// The error in one sentence.
        message: String,
    },
    /// A gate is closed.
    GateWaiting {
        /// The gate's id.
        gate: String,
        /// What was measured.
        value: String,
        /// What is asked.
        threshold: String,
    },
    /// A gate opened.
    GatePassed {
        /// The gate's id.
        gate: String,
        /// What was measured.
        value: String,
        /// What was asked.
        threshold: String,
        /// Who said yes, for an approval.
        by: Option<String>,
    },
    /// A person approved a gate, or everything in the plan that is only an approval.
    Approved {
        /// A gate's id, or `plan`.
        what: String,
        /// Who.
        by: String,
        /// The plan's digest that the approval is bound to.
        digest: String,
    },
    /// The run rests until it is resumed.
    Paused {
        /// Who asked, or why.
        why: String,
    },
    /// It goes on.
    Resumed,
    /// Going back begins: everything started after `to` is undone, last first.
    RollbackStarted {
        /// The phase that stays; empty for the beginning.
        to: String,
        /// The run ends when it is there.
        ends: bool,
        /// What was said to be lost.
        loses: String,
    },
    /// A step's undo began.
    UndoStarted {
        /// The step's id.
        step: String,
    },
    /// A step is undone.
    Undone {
        /// The step's id.
        step: String,
    },
    /// Going back is over.
    RolledBack {
        /// The phase that stays; empty for the beginning.
        to: String,
    },
    /// An undo failed: a person is needed.
    Stuck {
        /// The step's id.
        step: String,
        /// The error's code.
        code: String,
        /// The error in one sentence.
        message: String,
    },
    /// The run is over.
    RunEnded {
        /// How.
        outcome: Outcome,
    },
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything was done.
    Done,
    /// Everything was undone.
    RolledBack,
}

/// An event with its place in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Dense, from 1.
    pub seq: u64,
    /// When, in milliseconds since 1970 UTC, by the executor's clock.
    pub at_ms: i64,
    /// The epoch of the executor that wrote it.
    pub epoch: u64,
    /// What happened.
    pub event: Event,
}
