//! Connections: one that writes, one that only reads, and how a transaction of ours begins.
//!
//! Every write is one short `BEGIN IMMEDIATE` with a bounded busy time-out. No setting that lives in the file
//! (journal mode, page size) is ever changed. Tests: `tests/it/fence.rs`.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use segue_engine::{EngineError, ErrorKind};

use crate::error::{self, Doing};

/// How long a reader waits for a lock; writers use the guard's own bound.
const READ_WAIT: Duration = Duration::from_secs(5);

/// How often a writer of ours looks whether the lock is free.
const POLL: Duration = Duration::from_micros(250);

/// A connection that writes. Foreign keys are off, as SQLite's own twelve steps demand: a statement of ours must
/// not cascade. What they demand is checked before each commit that could break it.
pub(crate) fn writer(path: &Path) -> Result<Connection, EngineError> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.execute_batch("PRAGMA foreign_keys=OFF; PRAGMA recursive_triggers=OFF; PRAGMA trusted_schema=ON").doing("opening")?;
    Ok(connection)
}

/// A connection that cannot write.
pub(crate) fn reader(path: &Path) -> Result<Connection, EngineError> {
    // A read-only open of a WAL database needs its -shm file; `query_only` on an ordinary one does not.
    let connection =
        open(path, OpenFlags::SQLITE_OPEN_READ_WRITE).or_else(|first| open(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(|_| first))?;
    connection.busy_timeout(READ_WAIT).doing("opening")?;
    connection.execute_batch("PRAGMA query_only=ON").doing("opening")?;
    Ok(connection)
}

fn open(path: &Path, mode: OpenFlags) -> Result<Connection, EngineError> {
    let connection = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|cause| EngineError::new(error::OPEN, ErrorKind::Connection, "the database file cannot be opened").caused_by(cause))?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).doing("opening the database")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Begins a writing transaction, waiting for the lock at most so long.
///
/// SQLite's own busy handler sleeps up to 100 ms between attempts, so that one latecomer among writers that follow
/// each other closely does not get in for seconds (measured: 5 s with eight of them). Ours looks often.
pub(crate) fn begin(connection: &mut Connection, wait_ms: u64) -> Result<Transaction<'_>, EngineError> {
    open_transaction(connection, wait_ms)?;
    Ok(Transaction::begun(connection))
}

/// The same for a connection that is given up afterwards: closing it rolls back what was not committed.
pub(crate) fn open_transaction(connection: &Connection, wait_ms: u64) -> Result<(), EngineError> {
    let doing = "beginning to write";
    let wait = Duration::from_millis(wait_ms);
    let begun = Instant::now();
    connection.busy_timeout(Duration::ZERO).doing(doing)?;
    while let Err(cause) = connection.execute_batch("BEGIN IMMEDIATE") {
        let busy = cause.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy);
        if !busy || begun.elapsed() >= wait {
            return Err(error::from(doing, cause));
        }
        std::thread::sleep(POLL);
    }
    connection.busy_timeout(wait).doing(doing)
}

/// A transaction under way: rolled back unless it is committed.
pub(crate) struct Transaction<'a> {
    connection: &'a Connection,
    open: bool,
}

impl<'a> Transaction<'a> {
    fn begun(connection: &'a Connection) -> Self {
        Self { connection, open: true }
    }

    /// Commits.
    pub(crate) fn commit(mut self) -> Result<(), EngineError> {
        self.connection.execute_batch("COMMIT").doing("committing")?;
        self.open = false;
        Ok(())
    }
}

impl std::ops::Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open && !self.connection.is_autocommit() {
            // Nothing can be done where this fails: closing the connection rolls back too.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}
