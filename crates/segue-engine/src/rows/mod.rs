//! Reading rows for comparison: every engine writes them as the same canonical bytes.
//!
//! An engine decodes its own wire format into a [`Value`] and a [`Batch`] writes the canonical bytes (`canonical.rs`,
//! `docs/canonical.md`); who compares sees bytes and knows no engine. A stream that was cut is an error and never an
//! end: an engine gives `false` only after its server said that the answer is whole. No value is ever printed.
//! Tests: `canonical/tests.rs`; `segue_sim::rows` runs one conformance on all engines, with servers as oracle.

pub mod apply;
mod ask;
mod batch;
pub mod canonical;
mod change;
mod class;
mod convert;
mod datum;
mod json;
pub mod key;
pub mod parse;
mod read;
pub mod seen;
mod spare;
mod value;

use async_trait::async_trait;
use segue_model::ident::TableName;
use serde::{Deserialize, Serialize};

use crate::{EngineError, Load, ServerFacts};

pub use ask::{Answer, AnswerColumn, Ask, Controls, Counter, Measure, Measured, Probe, Question, Role};
pub use batch::{Batch, differing};
pub use change::{Acting, Change, Copies, Correct, Firing, Mendable, Outcome, largest_that_came};
pub use class::Class;
pub use convert::{Conversion, EpochUnit};
pub use datum::Datum;
pub use read::{ChunkDigest, ColumnRows, KeyRange, Read, ReadColumn, TableRows};
pub use spare::{Unique, UniqueColumn, spared};
pub use value::{Day, Decimal, Moment, RangeEnds, Value};

/// Bytes of a batch at which an engine ends it.
pub const BATCH_BYTES: usize = 256 << 10;

/// The hash of a canonical row: 128 bits of XXH3 with a seed of its own. It covers the key.
pub fn hash(row: &[u8]) -> u128 {
    twox_hash::XxHash3_128::oneshot_with_seed(0x5e6e_e5e6_0000_0001, row)
}

/// A place in a database's stream of changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// `postgres-lsn`, `mysql-gtid`, `mysql-file`, `memory`.
    pub kind: String,
    /// The place, in the server's own words.
    pub at: String,
}

/// Whether a database has applied what its source had at a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// It has.
    Yes,
    /// Not yet: it is at this place.
    NotYet(Mark),
    /// It follows no stream that could tell, and why.
    NoStream(String),
}

/// A database whose rows can be read. All reading happens in sessions that cannot write.
#[async_trait]
pub trait Rows: Send + Sync {
    /// What is there. Connects.
    async fn facts(&self) -> Result<ServerFacts, EngineError>;

    /// The users' tables, sorted (no partitions of a table that is there itself, no views, none of Segue's own).
    async fn tables(&self) -> Result<Vec<TableName>, EngineError>;

    /// A table with its columns and its key. A name without a schema is resolved as a client of the URL would.
    /// Fails with [`crate::ErrorKind::Object`] when it is not there.
    async fn describe(&self, table: &TableName) -> Result<TableRows, EngineError>;

    /// One moment of the database, that up to `readers` streams can read at once. As many as the server can give at
    /// exactly the same moment, at least one.
    async fn snapshot(&self, readers: usize) -> Result<Box<dyn Snapshot>, EngineError>;

    /// What the database carries now.
    async fn load(&self) -> Result<Load, EngineError>;

    /// Where its stream of changes is now: everything committed before this call is at or before it. `None`: the server
    /// keeps no such place.
    async fn mark(&self) -> Result<Option<Mark>, EngineError>;

    /// Whether this database has applied what its source had at `mark`.
    async fn applied(&self, mark: &Mark) -> Result<Applied, EngineError>;

    /// An expression of this engine's SQL that is the column's value after a declared conversion. `None`: the engine
    /// has none for such a column.
    fn converted(&self, _column: &ColumnRows, _conversion: &Conversion) -> Option<String> {
        None
    }

    /// A query that a person can run on this server, whose one row is the [`ChunkDigest`] of a read. `None` where the
    /// server cannot compute one for these classes.
    fn digest_sql(&self, _read: &Read) -> Option<String> {
        None
    }
}

/// One moment of a database.
#[async_trait]
pub trait Snapshot: Send + Sync {
    /// How many streams can be open at once.
    fn readers(&self) -> usize;

    /// The moment, in words that hold no secret: an LSN, a binlog position, a time.
    fn moment(&self) -> String;

    /// Rows. Waits until one of the readers is free.
    async fn stream(&self, read: &Read) -> Result<Box<dyn RowStream>, EngineError>;

    /// Counts rows: range, filter and `only` count, columns do not.
    async fn count(&self, read: &Read) -> Result<u64, EngineError>;

    /// Values of the first key column, ascending and distinct, that cut the table into ranges of about so many rows.
    /// Need not be exact; empty where the table is small or the column's class does not split.
    async fn splits(&self, read: &Read, rows: u64) -> Result<Vec<Datum>, EngineError>;

    /// The server's own hash of a chunk; `None` where it cannot compute one.
    async fn digest(&self, _read: &Read) -> Result<Option<ChunkDigest>, EngineError> {
        Ok(None)
    }

    /// Comes back when the moment turns out to be lost although nobody reads in it: a session of it is gone. A stream
    /// that is under way says so itself. May be dropped at any time.
    async fn lost(&self) -> EngineError {
        std::future::pending().await
    }

    /// Lets the moment go. Streams are over by then.
    async fn close(self: Box<Self>) -> Result<(), EngineError>;
}

/// Rows on their way.
#[async_trait]
pub trait RowStream: Send {
    /// Puts the next rows into `batch` (which it clears first), about [`BATCH_BYTES`]. `false`: there are no more, and
    /// the server said so. Never called again after that or after an error.
    async fn next(&mut self, batch: &mut Batch) -> Result<bool, EngineError>;
}

#[cfg(test)]
#[path = "canonical/tests.rs"]
mod tests;
