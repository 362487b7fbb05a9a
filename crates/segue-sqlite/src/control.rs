//! The control tables: who holds the database, which specs were applied, and how tables looked before.
//!
//! `segue_control` has at most one row. `segue_saved` keeps the text of each table in transition, so that going
//! back restores it byte for byte. Rows kept aside are marked in the table itself (the helper column at 3), so no
//! list of them can ever be stale. Tests: `tests/it/fence.rs`.

use rusqlite::{Connection, OptionalExtension, params};
use segue_engine::{EngineError, ErrorKind, FenceState, Guard};

use crate::error::{self, Doing};

/// Our tables begin with this.
pub(crate) const PREFIX: &str = "segue_";

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS segue_control (one INTEGER PRIMARY KEY CHECK (one = 1), run TEXT NOT NULL, tag TEXT NOT NULL, epoch INTEGER NOT NULL, spec_digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS segue_applied (seq INTEGER PRIMARY KEY, run TEXT NOT NULL, tag TEXT NOT NULL, spec_digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS segue_saved (tag TEXT NOT NULL, tbl TEXT NOT NULL, sql TEXT NOT NULL, PRIMARY KEY (tag, tbl)) WITHOUT ROWID;";

/// The row of `segue_control`.
#[derive(Debug)]
pub(crate) struct Holder {
    pub(crate) run: String,
    pub(crate) tag: String,
    pub(crate) epoch: u64,
}

/// There are control tables.
pub(crate) fn installed(connection: &Connection) -> Result<bool, EngineError> {
    connection
        .query_row(
            "SELECT count(*) = 3 FROM sqlite_schema WHERE type = 'table' AND name IN ('segue_control','segue_applied','segue_saved')",
            [],
            |row| row.get(0),
        )
        .doing("reading the control table")
}

/// Who holds the database.
pub(crate) fn holder(connection: &Connection) -> Result<Option<Holder>, EngineError> {
    if !installed(connection)? {
        return Ok(None);
    }
    connection
        .query_row("SELECT run, tag, epoch FROM segue_control", [], |row| {
            Ok(Holder { run: row.get(0)?, tag: row.get(1)?, epoch: row.get::<_, i64>(2)?.cast_unsigned() })
        })
        .optional()
        .doing("reading the control table")
}

/// All that the control tables say.
pub(crate) fn state(connection: &Connection) -> Result<FenceState, EngineError> {
    if !installed(connection)? {
        return Ok(FenceState { active: None, applied: Vec::new() });
    }
    let active = holder(connection)?.map(|holder| (holder.run, holder.tag, holder.epoch));
    let mut statement =
        connection.prepare("SELECT run, tag, spec_digest FROM segue_applied ORDER BY seq").doing("reading what was applied")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).doing("reading what was applied")?;
    let applied = rows.collect::<rusqlite::Result<Vec<_>>>().doing("reading what was applied")?;
    Ok(FenceState { active, applied })
}

/// Whether the holder is this guard's, without any change. `Ok(false)`: nobody holds the database.
pub(crate) fn held(connection: &Connection, guard: &Guard) -> Result<bool, EngineError> {
    let Some(holder) = holder(connection)? else { return Ok(false) };
    if holder.run != guard.run {
        return Err(other_run(&holder));
    }
    if holder.epoch == guard.epoch { Ok(true) } else { Err(fenced(guard, holder.epoch)) }
}

/// Fails unless this guard holds the database. Called first in each writing transaction.
pub(crate) fn fence(connection: &Connection, guard: &Guard) -> Result<(), EngineError> {
    if held(connection, guard)? {
        return Ok(());
    }
    Err(EngineError::new(error::FENCED, ErrorKind::Fenced, format!("run {} does not hold this database (any more)", guard.run))
        .help("the run is over, or was never begun here: `segue status` says which"))
}

/// Makes the tables, with the guard as the holder.
pub(crate) fn make(connection: &Connection, guard: &Guard) -> Result<(), EngineError> {
    connection.execute_batch(TABLES).doing("making the control tables")?;
    take(connection, guard)?;
    connection
        .execute(
            "INSERT INTO segue_control (one, run, tag, epoch, spec_digest) VALUES (1, ?1, ?2, ?3, ?4) ON CONFLICT (one) DO NOTHING",
            params![guard.run, guard.tag, guard.epoch.cast_signed(), guard.spec_digest],
        )
        .doing("taking the database")?;
    Ok(())
}

/// Raises the epoch to the guard's, if it is not higher already.
pub(crate) fn take(connection: &Connection, guard: &Guard) -> Result<(), EngineError> {
    let Some(holder) = holder(connection)? else { return Ok(()) };
    if holder.run != guard.run {
        return Err(other_run(&holder));
    }
    if holder.epoch > guard.epoch {
        return Err(fenced(guard, holder.epoch));
    }
    connection.execute("UPDATE segue_control SET epoch = ?1", [guard.epoch.cast_signed()]).doing("taking the database")?;
    Ok(())
}

/// Takes the row away, and the tables when nothing is left in them.
pub(crate) fn unmake(connection: &Connection, guard: &Guard) -> Result<(), EngineError> {
    if !installed(connection)? {
        return Ok(());
    }
    if held(connection, guard)? {
        connection.execute("DELETE FROM segue_control", []).doing("freeing the database")?;
    }
    let empty: bool = connection
        .query_row("SELECT NOT EXISTS (SELECT 1 FROM segue_applied) AND NOT EXISTS (SELECT 1 FROM segue_saved)", [], |row| row.get(0))
        .doing("freeing the database")?;
    if empty {
        connection
            .execute_batch("DROP TABLE segue_control; DROP TABLE segue_applied; DROP TABLE segue_saved")
            .doing("freeing the database")?;
    }
    Ok(())
}

/// Remembers the spec as applied and frees the database.
pub(crate) fn finish(connection: &Connection, guard: &Guard) -> Result<(), EngineError> {
    if finished(connection, guard)? {
        return Ok(());
    }
    fence(connection, guard)?;
    connection
        .execute("INSERT INTO segue_applied (run, tag, spec_digest) VALUES (?1, ?2, ?3)", params![guard.run, guard.tag, guard.spec_digest])
        .doing("remembering the spec as applied")?;
    connection.execute("DELETE FROM segue_saved WHERE tag = ?1", [&guard.tag]).doing("freeing the database")?;
    connection.execute("DELETE FROM segue_control", []).doing("freeing the database")?;
    Ok(())
}

/// The run is remembered as applied and holds nothing.
pub(crate) fn finished(connection: &Connection, guard: &Guard) -> Result<bool, EngineError> {
    let state = state(connection)?;
    let ours = state.applied.iter().any(|(run, _, digest)| *run == guard.run && *digest == guard.spec_digest);
    Ok(ours && state.active.is_none_or(|(run, _, _)| run != guard.run))
}

/// The text of a table before the change, if it was kept.
pub(crate) fn saved(connection: &Connection, tag: &str, table: &str) -> Result<Option<String>, EngineError> {
    if !installed(connection)? {
        return Ok(None);
    }
    connection
        .query_row("SELECT sql FROM segue_saved WHERE tag = ?1 AND tbl = ?2", [tag, table], |row| row.get(0))
        .optional()
        .doing("reading how the table was")
}

/// Keeps the text of a table before the change.
pub(crate) fn save(connection: &Connection, tag: &str, table: &str, sql: &str) -> Result<(), EngineError> {
    connection
        .execute("INSERT INTO segue_saved (tag, tbl, sql) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", [tag, table, sql])
        .doing("keeping how the table was")?;
    Ok(())
}

/// Forgets it.
pub(crate) fn forget(connection: &Connection, tag: &str, table: &str) -> Result<(), EngineError> {
    connection.execute("DELETE FROM segue_saved WHERE tag = ?1 AND tbl = ?2", [tag, table]).doing("forgetting how the table was")?;
    Ok(())
}

fn other_run(holder: &Holder) -> EngineError {
    EngineError::new(error::OTHER_RUN, ErrorKind::Fenced, format!("run {} (epoch {}) holds this database", holder.run, holder.epoch))
        .help("finish or abort that run first")
}

fn fenced(guard: &Guard, epoch: u64) -> EngineError {
    let text = format!("epoch {} of run {} is over: the database is at epoch {epoch}", guard.epoch, guard.run);
    EngineError::new(error::FENCED, ErrorKind::Fenced, text).help("another executor took over; this one must stop")
}
