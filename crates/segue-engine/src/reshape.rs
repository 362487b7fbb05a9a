//! Changing the form of live tables: the pieces that an engine makes, observes and unmakes.
//!
//! Every writing call takes a [`Guard`] and checks its epoch inside each of its transactions. Every piece can be
//! made again when it is there already, and unmade when it never was, is there in part, or was made twice: after
//! a crash nobody knows, and the engine finds out by looking.

use async_trait::async_trait;
use segue_model::finding::Finding;
use segue_model::ident::TableName;
use segue_model::plan::Throttle;
use segue_model::reshape::{ConstraintAdd, IndexBuild, NewTable, Survey, TableChange};
use serde::{Deserialize, Serialize};

use crate::{EngineError, Guard};

/// A piece of a schema change.
#[derive(Debug, Clone, Copy)]
pub enum Piece<'a> {
    /// Segue's control table (with the guard's run and epoch) and the table of rejected rows. Unmaking removes
    /// them when no other run and no history of applied specs is in them.
    Control,
    /// A new table. Unmaking drops it with its rows.
    Create(&'a NewTable),
    /// New physical columns, the helper column, triggers, version views. Unmaking leaves the old form exactly as
    /// it was, with the writes of both sides kept as their old form.
    Expand(&'a TableChange),
    /// An index, built without stopping writers; a failed build is cleaned up and tried again.
    Index(&'a IndexBuild),
    /// A constraint for new writes; old rows are not scanned.
    Constraint(&'a ConstraintAdd),
    /// The constraint of that name is checked against all rows. Unmaking does nothing.
    Validate(&'a ConstraintAdd),
    /// The new form becomes strict: not-null columns of the new form are enforced and validated, a value that
    /// `up` cannot convert is refused from now on, the new side is announced as ready. Unmaking is lenient again.
    Shift(&'a TableChange),
    /// The old form goes in one transaction with bounded locks; the new form stands on the base table under its
    /// own names, carried objects have their final names. Cannot be unmade.
    Contract(&'a TableChange),
    /// A table goes. Cannot be unmade.
    DropTable(&'a TableName),
    /// An index of a table goes, without stopping writers. Unmaking cannot; the planner has it in `contract`.
    DropIndex(&'a TableName, &'a str),
    /// The control table remembers the spec as applied and frees the database for the next run.
    Finish,
}

/// How far a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceState {
    /// Nothing of it is there.
    Absent,
    /// Some of it is there (an invalid index, half of the columns): make it again or unmake it.
    Partial,
    /// All of it is there.
    Present,
}

/// A place between two rows in the order of the walk key: the key's values in an engine's own text form.
/// Opaque to all but the engine, kept in checkpoints; holds key values, so it is never printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key(pub serde_json::Value);

/// What one batch of the backfill did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Where it ended; `None` when nothing is left after it.
    pub next: Option<Key>,
    /// Rows that it walked over.
    pub walked: u64,
    /// Rows that it converted.
    pub converted: u64,
    /// Rows that `up` could not convert and that were kept aside.
    pub rejected: u64,
    /// Rows that somebody held locked and that a second pass must visit.
    pub skipped: u64,
}

/// What one range of a comparison saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Where it ended; `None` when nothing is left after it.
    pub next: Option<Key>,
    /// Rows compared.
    pub compared: u64,
    /// Rows whose two forms do not agree (kept aside rows do not count).
    pub mismatches: u64,
    /// Rows not yet converted.
    pub unconverted: u64,
    /// Keys of some of the rows that do not agree, at most 10, for `verify` to show: `id=7`.
    pub examples: Vec<String>,
}

/// Rows kept aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// How many.
    pub count: u64,
    /// Some of them, at most 10: the key as `id=7`, and the reason without any value.
    pub examples: Vec<(String, String)>,
}

/// What the database carries now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Load {
    /// How far the furthest replica is behind, in milliseconds; `None` without replicas.
    pub replication_lag_ms: Option<u64>,
    /// Figures by the names that `throttle.max_load` may use: `threads_running`, `connections`.
    pub figures: std::collections::BTreeMap<String, u64>,
    /// Write-ahead log held back by slots or not yet checkpointed, in bytes.
    pub wal_bytes: u64,
}

/// What going back to the old form would lose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loss {
    /// Rows of tables that the run created.
    pub rows: u64,
    /// Values of columns that only the new form has, and that a writer of the new form gave.
    pub values: u64,
    /// Which, in words: `12 rows of table reviews, which the old form does not have`.
    pub what: Vec<String>,
}

/// Changing the form of live tables.
#[async_trait]
pub trait Reshape: Send + Sync {
    /// What stands in the way of a change, what is carried over, how large it is. Read-only; expressions of the
    /// user are judged by the server's parser, or on a copy in memory; volatile ones are refused.
    async fn survey(&self, change: &TableChange, throttle: &Throttle) -> Result<Survey, EngineError>;

    /// What stands in the way of new tables and of indexes, of which `changes` are the forms that they stand on.
    /// Read-only. An engine that finds it out in their own steps says nothing here.
    async fn survey_made(
        &self,
        _created: &[NewTable],
        _indexes: &[IndexBuild],
        _changes: &[TableChange],
    ) -> Result<Vec<Finding>, EngineError> {
        Ok(Vec::new())
    }

    /// How far a piece is. Read-only.
    async fn observe(&self, guard: &Guard, piece: Piece<'_>) -> Result<PieceState, EngineError>;

    /// Makes a piece: one attempt, lock waits bounded by the guard. [`crate::ErrorKind::LockTimeout`] and
    /// [`crate::ErrorKind::Deadlock`] leave nothing behind and may be tried again.
    async fn make(&self, guard: &Guard, piece: Piece<'_>) -> Result<(), EngineError>;

    /// Unmakes a piece: one attempt, in the same way.
    async fn unmake(&self, guard: &Guard, piece: Piece<'_>) -> Result<(), EngineError>;

    /// Converts the next rows after `after`, at most `limit`, in one transaction that is fenced. Waits for a
    /// row that a client holds for a moment at most, far below any deadlock time-out, then leaves it for a later pass.
    async fn backfill(&self, guard: &Guard, change: &TableChange, after: Option<&Key>, limit: u64) -> Result<Batch, EngineError>;

    /// How many rows are still to be converted (rejected ones not counted). May scan; read-only.
    async fn unconverted(&self, change: &TableChange) -> Result<u64, EngineError>;

    /// Compares the two forms of the next rows after `after`, at most `limit`, by evaluating `up` and `down`
    /// itself, never by what the triggers or the helper column say. Read-only, on a connection of its own.
    async fn compare(&self, change: &TableChange, after: Option<&Key>, limit: u64) -> Result<Comparison, EngineError>;

    /// Rows kept aside. Read-only.
    async fn rejected(&self, change: &TableChange) -> Result<Rejected, EngineError>;

    /// About how many rows the table has. Read-only.
    async fn row_estimate(&self, table: &TableName) -> Result<u64, EngineError>;

    /// What the database carries now. Read-only.
    async fn load(&self) -> Result<Load, EngineError>;

    /// What unmaking these would lose. Read-only.
    async fn loss(&self, guard: &Guard, changes: &[TableChange], created: &[NewTable]) -> Result<Loss, EngineError>;

    /// What each side connects with while both forms live (a `search_path` on PostgreSQL): `(old, new)`;
    /// `None` on an engine without version schemas. Read-only, may be asked before `expand`.
    fn versions(&self, changes: &[TableChange]) -> Option<(String, String)>;
}
