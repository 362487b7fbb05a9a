//! The fence: a one-row control table in each database holds the epoch of the executor that may write.
//!
//! Every transaction that Segue writes reads the row with its own epoch and fails if it moved
//! ([`crate::ErrorKind::Fenced`]), so that a stopped and revived executor is refused by the database itself.
//! Taking over raises the epoch under a lock, after it ended the old holder's sessions.

use async_trait::async_trait;

use crate::EngineError;

/// What every writing call carries: who writes, and with which right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// The run: part of `application_name` (`segue/<run>/<step>`).
    pub run: String,
    /// The run's tag, part of helper objects' names.
    pub tag: String,
    /// The step, for `application_name`; empty outside steps.
    pub step: String,
    /// The epoch of the lease.
    pub epoch: u64,
    /// The longest that an application may wait for a lock of ours, in milliseconds.
    pub lock_timeout_ms: u64,
    /// The digest of the spec, by which "already applied" is known.
    pub spec_digest: String,
}

/// What the control table says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FenceState {
    /// The run that holds the database, if one is under way: `(run, tag, epoch)`.
    pub active: Option<(String, String, u64)>,
    /// Specs that were applied to the end: `(run, tag, spec digest)`, the latest last.
    pub applied: Vec<(String, String, String)>,
}

/// The fence of one database.
#[async_trait]
pub trait Fence: Send + Sync {
    /// What the control table says; an empty state when there is none yet. Read-only.
    async fn state(&self) -> Result<FenceState, EngineError>;

    /// Takes the database for this run and epoch: ends the sessions of older epochs of the run, waits for their
    /// transactions, raises the epoch. Nothing happens while there is no control table. Fails with
    /// [`crate::ErrorKind::Fenced`] when the epoch there is already higher, or another run holds it.
    async fn take(&self, guard: &Guard) -> Result<(), EngineError>;

    /// Fails with [`crate::ErrorKind::Fenced`] unless the epoch there is this one (or there is no control table).
    async fn check(&self, guard: &Guard) -> Result<(), EngineError>;
}
