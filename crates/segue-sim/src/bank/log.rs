//! A writer's own log: `invoke`, then `ok`, `fail`, or nothing when nobody knows.
//!
//! One JSON line each, synced. Must never buffer: a line that a kill can take away would make a lie of the check.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::workload::Operation;

/// A line of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum Line {
    /// The statement is about to be sent.
    Invoke {
        /// The operation's number, dense for each writer, from 1.
        seq: u64,
        /// What.
        operation: Operation,
        /// When, in milliseconds of the caller's clock.
        at_ms: u64,
    },
    /// The server acknowledged it.
    Ok {
        /// The operation's number.
        seq: u64,
        /// When.
        at_ms: u64,
    },
    /// The server refused it: it is not there.
    Fail {
        /// The operation's number.
        seq: u64,
        /// Why, in words that hold no value.
        why: String,
    },
}

/// How an operation ended, as far as its writer knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is there, once.
    Ok,
    /// It is not there.
    Failed,
    /// The connection broke, or the writer died: once or not at all.
    Unknown,
}

/// A writer's log, open.
#[derive(Debug)]
pub struct Log {
    file: File,
}

impl Log {
    /// Opens a log to append to.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { file: File::options().create(true).append(true).open(path)? })
    }

    /// Writes a line and waits until the disk has it.
    pub fn write(&mut self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_string(line)?;
        text.push('\n');
        self.file.write_all(text.as_bytes())?;
        self.file.sync_data()
    }
}

/// A writer's operations by number, with their ends.
pub type Operations = BTreeMap<u64, (Operation, Outcome)>;

/// What a log says: the operations by number, with their ends, and the acknowledgements' times. A last line that a
/// kill cut off is as if it had not been written.
pub fn read(text: &str) -> Result<(Operations, Vec<u64>), String> {
    let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
    let (mut operations, mut acknowledged) = (BTreeMap::new(), Vec::new());
    for (at, line) in whole.lines().enumerate() {
        let line: Line = serde_json::from_str(line).map_err(|error| format!("line {}: {error}", at + 1))?;
        match line {
            Line::Invoke { seq, operation, .. } => {
                if operations.insert(seq, (operation, Outcome::Unknown)).is_some() {
                    return Err(format!("line {}: operation {seq} was invoked twice", at + 1));
                }
            }
            Line::Ok { seq, at_ms } => {
                end(&mut operations, seq, Outcome::Ok)?;
                acknowledged.push(at_ms);
            }
            Line::Fail { seq, .. } => end(&mut operations, seq, Outcome::Failed)?,
        }
    }
    Ok((operations, acknowledged))
}

fn end(operations: &mut Operations, seq: u64, outcome: Outcome) -> Result<(), String> {
    match operations.get_mut(&seq) {
        Some((_, open @ Outcome::Unknown)) => {
            *open = outcome;
            Ok(())
        }
        _ => Err(format!("operation {seq} ended without having begun, or twice")),
    }
}
