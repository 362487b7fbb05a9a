//! What a renderer is given: plain values that the binary fills from the journal and the engine.
//!
//! Never holds a row's values except keys that `verify` may print. Tests: where they are rendered.

use serde::{Deserialize, Serialize};

/// A run's state in the words of `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// An executor works on it.
    Running,
    /// A gate is closed.
    Waiting,
    /// Somebody paused it.
    Paused,
    /// All done.
    Done,
    /// All undone.
    RolledBack,
    /// An undo failed; a person is needed.
    Stuck,
    /// A step failed; safe to run again.
    Failed,
}

/// A phase's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhaseState {
    /// Not begun.
    Pending,
    /// Begun.
    Running,
    /// At a closed gate.
    Waiting,
    /// Over.
    Done,
    /// Undone.
    Undone,
}

/// What `status` shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusView {
    /// The run's id.
    pub run: String,
    /// The plan's digest.
    pub plan: String,
    /// The phase it is in; empty before the first.
    pub phase: String,
    /// Its state.
    pub state: RunState,
    /// Closed gates.
    pub waiting_for: Vec<WaitingView>,
    /// Every phase of the plan.
    pub phases: Vec<PhaseView>,
    /// Can we go back?
    pub back: BackView,
    /// Who holds the run, if anybody.
    pub lease: Option<LeaseView>,
    /// What each side connects with, on engines with version schemas.
    pub versions: Option<VersionsView>,
    /// Rows that a repair left as they are: it is done, and they are not right.
    pub left_aside: u64,
}

/// A closed gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingView {
    /// Its id.
    pub gate: String,
    /// What was measured.
    pub value: String,
    /// What is asked.
    pub threshold: String,
    /// The command that satisfies it, where one does.
    pub command: Option<String>,
}

/// A phase's progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseView {
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: PhaseState,
    /// Steps behind it.
    pub steps_done: usize,
    /// Steps in all.
    pub steps: usize,
}

/// The way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackView {
    /// There is one.
    pub possible: bool,
    /// Rows that it would lose; `None` where nobody looked.
    pub rows_lost: Option<u64>,
    /// Seconds that it would take; `None` where nobody knows.
    pub seconds: Option<u64>,
    /// The command, where it is another one than `segue rollback`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

/// Who holds the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseView {
    /// `host:pid`.
    pub holder: String,
    /// The fencing epoch.
    pub epoch: u64,
    /// When it ends, in milliseconds since 1970 UTC.
    pub expires_at_ms: i64,
}

/// Both versions of the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionsView {
    /// The old one.
    pub old: VersionView,
    /// The new one.
    pub new: VersionView,
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionView {
    /// What it connects with.
    pub search_path: String,
    /// It sees every row.
    pub ready: bool,
}
