//! Writers as threads: each on a connection of its own, each with a log of its own.
//!
//! How a session is had and a transaction run is the engine's ([`Session`]). Must never try a transaction again
//! that may be there: its number is used up.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use super::log::{Line, Log};
use super::workload::{Bank, Operation, Writer};

/// What came of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It was acknowledged; an audit's sum with it.
    Ok(Option<i64>),
    /// It was refused, in words without values.
    Failed(String),
    /// The connection broke before the answer.
    Unknown,
}

/// A client's connection.
pub trait Session: Send {
    /// Runs statements in one transaction; a single query gives its one number.
    fn transaction(&mut self, statements: &[String], query: bool) -> Answer;
}

/// A writer at work.
pub struct Teller {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Report>,
    /// Where its log is.
    pub log: PathBuf,
}

/// What a writer saw.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Report {
    /// Transactions that were acknowledged.
    pub ok: u64,
    /// The words of those that were refused.
    pub failed: Vec<String>,
    /// Sums that audits read.
    pub audits: Vec<(u64, i64)>,
}

impl Teller {
    /// Starts a writer with a session that `connect` makes in its thread.
    pub fn start<S: Session>(bank: Bank, mut writer: Writer, folder: &Path, connect: impl FnOnce() -> S + Send + 'static) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let path = folder.join(format!("writer-{}.jsonl", writer.number));
        let (stopped, log) = (Arc::clone(&stop), path.clone());
        let thread = thread::spawn(move || {
            let (mut session, mut log) = (connect(), Log::open(&log).expect("a log"));
            let (mut report, began) = (Report::default(), Instant::now());
            let now = || u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            while !stopped.load(Ordering::SeqCst) {
                let (seq, operation) = writer.next(&bank);
                let (statements, query) = (writer.statements(seq, &operation), operation == Operation::Audit);
                log.write(&Line::Invoke { seq, operation, at_ms: now() }).expect("a line");
                match session.transaction(&statements, query) {
                    Answer::Ok(sum) => {
                        log.write(&Line::Ok { seq, at_ms: now() }).expect("a line");
                        report.ok += 1;
                        report.audits.extend(sum.map(|sum| (writer.number, sum)));
                    }
                    Answer::Failed(why) => {
                        log.write(&Line::Fail { seq, why: why.clone() }).expect("a line");
                        report.failed.push(why);
                    }
                    Answer::Unknown => return report,
                }
            }
            report
        });
        Self { stop, thread, log: path }
    }

    /// Lets it end what it is doing; gives what it saw.
    pub fn stop(self) -> Report {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.join().expect("a writer ends in order")
    }
}
