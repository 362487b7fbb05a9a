//! The bank: writers of both versions whose every statement is written down before and after, and the checker
//! that compares what was acknowledged with what is there.
//!
//! A log line is synced before the statement is sent and after its answer came: what a kill leaves open is
//! *unknown*, and may be there once or not at all. The workload is data; who sends it (a thread, a process) and to
//! what is the caller's. Must never take an unknown for a failure. Tests: at the end of `checker`; the engines'
//! runs are in `tests/it/bank.rs`.

pub mod checker;
pub mod log;
pub mod teller;
pub mod workload;

pub use checker::{Defect, Ledger, check};
pub use log::{Line, Log, Operations, Outcome, read};
pub use teller::{Answer, Report, Session, Teller};
pub use workload::{Bank, Operation, Writer};
