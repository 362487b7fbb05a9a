//! A throw-away copy of a database file, for rehearsals: by SQLite's own online backup, so that writers go on.
//!
//! It must never write to the source, and never overwrite a file that is there. Tests: `tests/it/clone.rs`.

use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use segue_engine::{EngineError, ErrorKind, quote};
use segue_model::ident::TableName;

use crate::error::{self, Doing};
use crate::{SqliteEngine, connect};

/// Pages copied while the source is held for reading; between two such turns writers get in.
const PAGES: std::ffi::c_int = 4_096;

/// How often the copy may be begun again by SQLite because somebody wrote, before one uninterrupted turn is taken.
const TURNS_MAX: u32 = 10_000;

impl SqliteEngine {
    /// How many rows these tables have together, counted.
    pub fn rows_of(&self, tables: &[TableName]) -> Result<u64, EngineError> {
        self.read(|connection| {
            tables.iter().try_fold(0, |sum, table| {
                let counted =
                    connection.query_row(&format!("SELECT count(*) FROM {}", quote::name(&table.name)), [], |row| row.get::<_, i64>(0));
                Ok(sum + u64::try_from(counted.doing("counting rows")?).unwrap_or(0))
            })
        })
    }

    /// Copies the whole database into a new file and gives its size in bytes.
    pub fn clone_to(&self, target: &Path) -> Result<u64, EngineError> {
        if target.exists() {
            return Err(EngineError::new(error::OPEN, ErrorKind::Other, "the file for the copy is there already"));
        }
        let source = connect::reader(self.path())?;
        let mut copy = Connection::open_with_flags(target, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
            .doing("making the copy")?;
        {
            let backup = Backup::new(&source, &mut copy).doing("copying the database")?;
            let mut turns = 0;
            loop {
                let pages = if turns < TURNS_MAX { PAGES } else { -1 };
                match backup.step(pages).doing("copying the database")? {
                    StepResult::Done => break,
                    StepResult::More => {}
                    _ => std::thread::sleep(std::time::Duration::from_millis(5)),
                }
                turns += 1;
            }
        }
        // The copy takes the source's journal mode: both versions' clients would use it.
        let mode: String = source.query_row("PRAGMA journal_mode", [], |row| row.get(0)).doing("copying the database")?;
        if mode.eq_ignore_ascii_case("wal") {
            copy.query_row("PRAGMA journal_mode=WAL", [], |_| Ok(())).doing("copying the database")?;
        }
        drop(copy);
        std::fs::metadata(target)
            .map(|found| found.len())
            .map_err(|cause| EngineError::new(error::OPEN, ErrorKind::Other, "the copy cannot be looked at").caused_by(cause))
    }
}
