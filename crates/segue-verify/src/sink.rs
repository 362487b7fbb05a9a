//! Where differing rows go, how fast the comparison may be, and what went wrong on which side.

use async_trait::async_trait;
use segue_engine::EngineError;
use segue_model::verify::DifferenceKind;
use serde::{Deserialize, Serialize};

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one that is the truth by default.
    Source,
    /// The one that is to be the same.
    Target,
}

/// Why a comparison could not be finished. Never a difference, never equality.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// A side failed.
    #[error("the {}: {error}", match side { Side::Source => "source", Side::Target => "target" })]
    Side {
        /// Which.
        side: Side,
        /// What it said.
        #[source]
        error: EngineError,
    },
    /// It cannot be compared in the way that was asked for.
    #[error("{0}")]
    Cannot(String),
    /// The user stopped it.
    #[error("it was interrupted")]
    Interrupted,
    /// A file of ours could not be written or read.
    #[error("{0}")]
    File(String),
}

/// A row that differs.
#[derive(Clone, PartialEq, Eq)]
pub struct Difference {
    /// In which way.
    pub kind: DifferenceKind,
    /// The key's bytes; `rows::key::read` gives its values. For a table without a key: empty.
    pub key: Vec<u8>,
    /// The row's hash at the source.
    pub source: Option<u128>,
    /// The row's hash at the target.
    pub target: Option<u128>,
    /// Positions of the columns that differ; empty where they were not looked up, or one side has no such row.
    pub columns: Vec<usize>,
    /// How many such rows: more than one only in a table without a key.
    pub count: u64,
    /// The canonical row at the source: only where rows are looked up (`examples`, `every_row`).
    pub source_row: Option<Vec<u8>>,
    /// The canonical row at the target.
    pub target_row: Option<Vec<u8>>,
}

impl Difference {
    /// The row's hash on one side, where that side has the row.
    #[must_use]
    pub const fn hash(&self, side: Side) -> Option<u128> {
        match side {
            Side::Source => self.source,
            Side::Target => self.target,
        }
    }
}

impl std::fmt::Debug for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Difference({:?}, columns {:?}, {} times)", self.kind, self.columns, self.count)
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Rows read of the source.
    pub source: u64,
    /// Rows read of the target.
    pub target: u64,
    /// About how many there are on a side.
    pub total: u64,
    /// Differing rows found so far.
    pub different: u64,
    /// Of these, rows that only the source has.
    pub missing: u64,
    /// Of these, rows that only the target has.
    pub extra: u64,
    /// Of these, rows with other values.
    pub changed: u64,
}

/// Who takes what is found.
pub trait Sink: Send {
    /// Rows that differ, in no order that means anything.
    fn differences(&mut self, found: &[Difference]) -> Result<(), VerifyError>;

    /// How far it is: called a few times a second.
    fn progress(&mut self, _progress: Progress) {}

    /// A range of the key is done: (its upper end as key bytes, what was read and found so far). For resuming.
    fn range_done(&mut self, _below: Option<&[u8]>, _progress: Progress) -> Result<(), VerifyError> {
        Ok(())
    }
}

/// How fast it may be.
#[async_trait]
pub trait Pace: Send + Sync {
    /// Called between batches. Waits while the databases carry too much; `Err` to stop.
    async fn breathe(&self) -> Result<(), VerifyError>;

    /// Comes back when it is to stop although no batch comes: a server may be silent for long.
    async fn stopped(&self) {
        std::future::pending::<()>().await;
    }

    /// So many bytes of rows were read.
    fn read(&self, _bytes: u64) {}
}
