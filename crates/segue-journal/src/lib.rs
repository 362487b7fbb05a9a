//! Durable execution: the append-only journal, the pure transition table, the lease, the executor.
//!
//! A run is told entirely by its journal. Nothing here knows a database of the user or what a step does: steps
//! come through [`step::Step`], gates through [`executor::GateSource`], time through [`step::Clock`]. Only this
//! crate writes a journal; only [`store`] contains SQL text, for the journal's own file.
//! Tests: beside the code, and `tests/it/` for the store under damage and the executor under crashes.

pub mod error;
pub mod executor;
pub mod lease;
pub mod step;
pub mod store;
pub mod transition;

pub use error::JournalError;
pub use executor::{
    CrashPoint, End, ExecError, Executor, GateReading, GateSource, GateView, Hooks, NoHooks, Observer, RetryPolicy, Silent, StepSource,
};
pub use lease::Lease;
pub use step::{Clock, Context, Observed, Progress, RetryClass, Step, StepError, StepErrorKind, Stop, StopFlag, Verdict};
pub use store::{Created, JournalStore, MemoryStore, OpenMode, PendingRequest, Request, RunSummary, SqliteStore, Store};
pub use transition::{Illegal, Mode, PhaseState, State, StepState, next, replay};
