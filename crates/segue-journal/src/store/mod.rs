//! Where journals are kept: one trait, a SQLite file, and a memory store with faults for the simulation.
//!
//! An append is refused when the lease's epoch moved, in the same transaction. Reading verifies the dense
//! sequence, the hash chain, the canonical form, the version and the recorded head. Only this folder contains
//! SQL text. Tests: `tests/it/damage.rs`, `tests/it/store.rs` (each test runs on both stores).

pub mod chain;
pub mod memory;
pub mod sqlite;

use std::collections::BTreeMap;

use segue_model::event::{Entry, Event, Outcome};
use segue_model::plan::Plan;
use serde::{Deserialize, Serialize};

use crate::error::JournalError;
use crate::lease::Lease;

pub use memory::MemoryStore;
pub use sqlite::{Created, SqliteStore};

/// Whether a store may be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// Only looked at: nothing is created.
    Read,
    /// Created if it is not there.
    Write,
}

/// A run in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunSummary {
    /// The run's id: `mig-042-1`.
    pub run: String,
    /// The spec's id: `MIG-042`.
    pub id: String,
    /// The plan's digest.
    pub plan_digest: String,
    /// When it was created, in milliseconds since 1970 UTC.
    pub started_at_ms: i64,
    /// How it ended, if it did.
    pub ended: Option<Outcome>,
}

/// What a person asks of a run; the executor picks it up at the next border or checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Request {
    /// Rest.
    Pause,
    /// Go on.
    Resume,
    /// Undo everything and end.
    Abort,
    /// Go back.
    Rollback {
        /// The phase that stays; empty for the beginning.
        to: String,
    },
    /// Say yes to a gate, or to `plan`: everything in it that is only an approval.
    Approve {
        /// The gate's id, or `plan`.
        what: String,
        /// The digest of the plan that was read.
        digest: String,
    },
}

/// A request that was not picked up yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingRequest {
    /// Its number in the store.
    pub id: i64,
    /// What is asked.
    pub request: Request,
    /// Who asks.
    pub by: String,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// One event on its way into the journal.
#[derive(Debug, Clone, Copy)]
pub struct Append<'a> {
    /// The writer's epoch.
    pub epoch: u64,
    /// When.
    pub at_ms: i64,
    /// What.
    pub event: &'a Event,
    /// It must survive a power cut before the call returns.
    pub sync: bool,
    /// The request that this event answers, removed in the same transaction.
    pub consumes: Option<i64>,
}

/// A place for journals. Calls block briefly; none of them waits for another executor.
pub trait JournalStore: Send + Sync {
    /// All runs, the oldest first.
    fn runs(&self) -> Result<Vec<RunSummary>, JournalError>;

    /// The run that was created last.
    fn latest(&self) -> Result<Option<RunSummary>, JournalError> {
        Ok(self.runs()?.pop())
    }

    /// A new run with its first entry; gives its id, `<spec id in lower case>-<n>`. `step_kinds` is what the
    /// registry knows now. A real run begins by [`SqliteStore::create_alone`].
    fn create(&self, plan: &Plan, segue: &str, step_kinds: &BTreeMap<String, u32>, at_ms: i64) -> Result<String, JournalError>;

    /// Appends an event; gives its sequence number. Nothing is written when the epoch is not the lease's.
    fn append_full(&self, run: &str, append: Append<'_>) -> Result<u64, JournalError>;

    /// [`JournalStore::append_full`] for an event that answers no request.
    fn append(&self, run: &str, epoch: u64, at_ms: i64, event: &Event, sync: bool) -> Result<u64, JournalError> {
        self.append_full(run, Append { epoch, at_ms, event, sync, consumes: None })
    }

    /// All entries of a run, verified.
    fn entries(&self, run: &str) -> Result<Vec<Entry>, JournalError>;

    /// The state of a run after all its entries. The default reads them all.
    fn state(&self, run: &str) -> Result<crate::State, JournalError> {
        crate::transition::replay(run, &self.entries(run)?)
    }

    /// Takes the lease; gives the new epoch.
    fn take_lease(&self, run: &str, holder: &str, now_ms: i64, lease_ms: u64) -> Result<u64, JournalError>;

    /// Keeps the lease for another `lease_ms`.
    fn renew_lease(&self, run: &str, epoch: u64, now_ms: i64, lease_ms: u64) -> Result<(), JournalError>;

    /// Gives the lease back. Does nothing when somebody else has it.
    fn release_lease(&self, run: &str, epoch: u64) -> Result<(), JournalError>;

    /// Ends the lease by force: a person knows that the holder is gone.
    fn unlock(&self, run: &str) -> Result<Option<Lease>, JournalError>;

    /// The lease as it stands.
    fn lease(&self, run: &str) -> Result<Option<Lease>, JournalError>;

    /// Leaves a request for the executor; gives its number.
    fn request(&self, run: &str, request: &Request, by: &str, at_ms: i64) -> Result<i64, JournalError>;

    /// Requests not yet picked up, the oldest first.
    fn pending_requests(&self, run: &str) -> Result<Vec<PendingRequest>, JournalError>;

    /// Removes a request that cannot be answered.
    fn drop_request(&self, run: &str, id: i64) -> Result<(), JournalError>;
}

/// Opens stores.
#[derive(Debug, Clone, Copy)]
pub struct Store;

impl Store {
    /// The SQLite store in a state directory.
    pub fn open(dir: &std::path::Path, mode: OpenMode) -> Result<SqliteStore, JournalError> {
        SqliteStore::open(dir, mode)
    }

    /// A store in memory, with faults, for the simulation.
    pub fn memory() -> MemoryStore {
        MemoryStore::default()
    }
}
