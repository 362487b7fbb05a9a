//! Changing the form of live tables on SQLite: each piece is one short immediate transaction with the fence in it.
//!
//! Nothing here decides what to change: that is the planner's. Tests: `tests/it/`.

pub(crate) mod backfill;
pub(crate) mod compare;
pub(crate) mod constraint;
pub(crate) mod contract;
pub(crate) mod create;
pub(crate) mod expand;
pub(crate) mod index;
pub(crate) mod layout;
pub(crate) mod loss;
pub(crate) mod rebuild;
pub(crate) mod shift;
pub(crate) mod survey;
pub(crate) mod triggers;
mod unseen;
pub(crate) mod view;
pub(crate) mod walk;
mod witness;

use async_trait::async_trait;
use rusqlite::Connection;
use segue_engine::{Batch, Comparison, EngineError, ErrorKind, Guard, Key, Load, Loss, Piece, PieceState, Rejected, Reshape, quote};
use segue_model::ident::TableName;
use segue_model::plan::Throttle;
use segue_model::reshape::{NewTable, Survey, TableChange};

use crate::error::{self, Doing};
use crate::{SqliteEngine, control, schema};

/// The text of the table before the change, if expand kept one.
pub(crate) fn saved_text(connection: &Connection, change: &TableChange) -> Result<Option<String>, EngineError> {
    let Some((table, _)) = layout::table_sql(connection, &change.table.name)? else { return Ok(None) };
    control::saved(connection, &change.tag, &table)
}

fn observe(connection: &Connection, guard: &Guard, piece: Piece<'_>) -> Result<PieceState, EngineError> {
    let state = |there: bool| if there { PieceState::Present } else { PieceState::Absent };
    match piece {
        Piece::Control => Ok(state(control::holder(connection)?.is_some_and(|holder| holder.run == guard.run))),
        Piece::Create(new) => Ok(state(create::there(connection, new)?)),
        Piece::Expand(change) => expand::observe(connection, change),
        Piece::Index(build) => index::observe(connection, build),
        Piece::Constraint(_) | Piece::Validate(_) => Ok(PieceState::Absent),
        Piece::Shift(change) => shift::observe(connection, change),
        Piece::Contract(change) => contract::observe(connection, change),
        Piece::DropTable(table) => Ok(state(layout::table_sql(connection, &table.name)?.is_none())),
        Piece::DropIndex(_, name) => Ok(state(schema::text(connection, "index", name)?.is_none())),
        Piece::Finish => Ok(state(control::finished(connection, guard)?)),
    }
}

fn make(connection: &Connection, guard: &Guard, piece: Piece<'_>) -> Result<(), EngineError> {
    match piece {
        Piece::Control => return control::make(connection, guard),
        Piece::Finish => return control::finish(connection, guard),
        _ => control::fence(connection, guard)?,
    }
    match piece {
        Piece::Control | Piece::Finish => Ok(()),
        Piece::Create(new) => create::make(connection, new),
        Piece::Expand(change) => expand::make(connection, change),
        Piece::Index(build) => index::make(connection, build),
        Piece::Constraint(_) | Piece::Validate(_) => {
            let text = "SQLite adds no constraint to a live table; triggers demand it until contract";
            Err(EngineError::new(error::UNSUPPORTED, ErrorKind::Unsupported, text))
        }
        Piece::Shift(change) => shift::make(connection, change),
        Piece::Contract(change) => contract::make(connection, change),
        Piece::DropTable(table) => drop_table(connection, table),
        Piece::DropIndex(_, name) => schema::drop(connection, "index", name),
    }
}

fn drop_table(connection: &Connection, table: &TableName) -> Result<(), EngineError> {
    for view in contract::former_views(connection, &table.name)? {
        schema::drop(connection, "view", &view)?;
    }
    schema::drop(connection, "table", &table.name)
}

fn unmake(connection: &Connection, guard: &Guard, piece: Piece<'_>) -> Result<(), EngineError> {
    if matches!(piece, Piece::Control) {
        return control::unmake(connection, guard);
    }
    // Undoing what never was is no write: a run that lost its hold may still ask for it.
    if !control::held(connection, guard)? && observe(connection, guard, piece)? == PieceState::Absent {
        return Ok(());
    }
    control::fence(connection, guard)?;
    match piece {
        Piece::Create(new) => schema::drop(connection, "table", &new.table.name),
        Piece::Expand(change) => expand::unmake(connection, change),
        Piece::Index(build) => schema::drop(connection, "index", &build.name),
        Piece::Shift(change) => shift::unmake(connection, change),
        Piece::Control | Piece::Constraint(_) | Piece::Validate(_) => Ok(()),
        Piece::Contract(_) | Piece::DropTable(_) | Piece::DropIndex(..) | Piece::Finish => {
            let text = "what contract did cannot be undone";
            Err(EngineError::new(error::UNSUPPORTED, ErrorKind::Unsupported, text))
        }
    }
}

#[async_trait]
impl Reshape for SqliteEngine {
    async fn survey(&self, change: &TableChange, throttle: &Throttle) -> Result<Survey, EngineError> {
        let path = self.path().to_owned();
        self.read(|connection| survey::survey(connection, &path, change, throttle))
    }

    async fn observe(&self, guard: &Guard, piece: Piece<'_>) -> Result<PieceState, EngineError> {
        self.read(|connection| observe(connection, guard, piece))
    }

    async fn make(&self, guard: &Guard, piece: Piece<'_>) -> Result<(), EngineError> {
        self.write(guard, |connection| make(connection, guard, piece))
    }

    async fn unmake(&self, guard: &Guard, piece: Piece<'_>) -> Result<(), EngineError> {
        self.write(guard, |connection| unmake(connection, guard, piece))
    }

    async fn backfill(&self, guard: &Guard, change: &TableChange, after: Option<&Key>, limit: u64) -> Result<Batch, EngineError> {
        self.write(guard, |connection| {
            control::fence(connection, guard)?;
            backfill::batch(connection, change, after, limit)
        })
    }

    async fn unconverted(&self, change: &TableChange) -> Result<u64, EngineError> {
        self.read(|connection| {
            let layout = layout::Layout::read(connection, change)?;
            if !layout.has_helper() || !change.backfill {
                return Ok(0);
            }
            shift::count(connection, &format!("SELECT count(*) FROM {} WHERE {} = 0", layout.quoted(), quote::name(&layout.helper)))
        })
    }

    async fn compare(&self, change: &TableChange, after: Option<&Key>, limit: u64) -> Result<Comparison, EngineError> {
        let connection = crate::connect::reader(self.path())?;
        // One snapshot for the range's bound and its rows.
        connection.execute_batch("BEGIN").doing("comparing rows")?;
        compare::range(&connection, change, after, limit)
    }

    async fn rejected(&self, change: &TableChange) -> Result<Rejected, EngineError> {
        self.read(|connection| {
            let layout = layout::Layout::read(connection, change)?;
            if !layout.has_helper() {
                return Ok(Rejected { count: 0, examples: Vec::new() });
            }
            let h = quote::name(&layout.helper);
            let count = shift::count(connection, &format!("SELECT count(*) FROM {} WHERE {h} IN (3, 7)", layout.quoted()))?;
            let mut statement = connection.prepare(&backfill::reasons(&layout)).doing("reading rows kept aside")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).doing("reading rows kept aside")?;
            let examples = rows.collect::<rusqlite::Result<Vec<_>>>().doing("reading rows kept aside")?;
            Ok(Rejected { count, examples })
        })
    }

    async fn row_estimate(&self, table: &TableName) -> Result<u64, EngineError> {
        self.read(|connection| shift::count(connection, &format!("SELECT count(*) FROM {}", quote::name(&table.name))))
    }

    async fn load(&self) -> Result<Load, EngineError> {
        let mut wal = self.path().as_os_str().to_owned();
        wal.push("-wal");
        let wal_bytes = std::fs::metadata(std::path::PathBuf::from(wal)).map_or(0, |file| file.len());
        Ok(Load { wal_bytes, ..Load::default() })
    }

    async fn loss(&self, _guard: &Guard, changes: &[TableChange], created: &[NewTable]) -> Result<Loss, EngineError> {
        self.read(|connection| loss::count_loss(connection, changes, created))
    }

    fn versions(&self, _changes: &[TableChange]) -> Option<(String, String)> {
        None
    }
}
