//! Putting rows right in SQLite: one immediate transaction a batch, on a connection of its own.
//!
//! The users' triggers are switched off on that connection, and foreign keys are on: a row that others refer to is not
//! taken away. It must never write before it has checked the epoch in the same transaction. Tests:
//! `tests/it/repair.rs` of `segue-sim`.

mod acting;
mod hands;
mod statement;
mod unique;
mod value;

use async_trait::async_trait;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use segue_engine::rows::{Acting, Change, Class, Copies, Correct, Datum, Outcome, Read, Unique, apply};
use segue_engine::{EngineError, Fence, Guard};
use segue_model::ident::TableName;

use crate::error::Doing;
use crate::{SqliteEngine, connect, control, rows};

/// Tables that refer to others: every one with its parents.
const REFERENCES: &str = "SELECT DISTINCT t.name, f.\"table\" FROM sqlite_schema AS t JOIN pragma_foreign_key_list(t.name) AS f \
     WHERE t.type = 'table' ORDER BY 1, 2";

/// How many of the names of a row id are columns of the table's own.
const ROW_ID_NAMES: &str = "SELECT count(*) FROM pragma_table_info(?1) WHERE lower(name) IN ('rowid', 'oid', '_rowid_')";

#[async_trait]
impl Correct for SqliteEngine {
    fn fence(&self) -> &dyn Fence {
        self
    }

    async fn prepare(&self, guard: &Guard) -> Result<(), EngineError> {
        self.write(guard, |connection| control::make(connection, guard))
    }

    async fn finish(&self, guard: &Guard) -> Result<(), EngineError> {
        self.write(guard, |connection| control::unmake(connection, guard))
    }

    async fn correct(&self, guard: &Guard, read: &Read, changes: &[Change]) -> Result<Vec<Outcome>, EngineError> {
        let connection = corrector(self.path(), guard)?;
        let mut hands = hands::SqliteHands::new(connection, read.table.clone());
        let outcomes = apply::apply(&mut hands, read, changes).await?;
        hands.commit()?;
        Ok(outcomes)
    }

    fn statement(&self, read: &Read, before: Option<&[Datum]>, after: Option<&[Datum]>) -> Result<String, EngineError> {
        statement::of_row(read, before, after)
    }

    fn copies_statement(&self, read: &Read, row: &[Datum], copies: Copies) -> Result<String, EngineError> {
        statement::of_copies(read, row, copies)
    }

    fn stored_class(&self, _own: &Class) -> Class {
        // Values have types here, columns have not.
        Class::Own(rows::UNTYPED.to_owned())
    }

    fn script_frame(&self) -> (&'static str, &'static str) {
        // Triggers cannot be switched off from SQL.
        (
            "-- Triggers of these tables fire. Run it with: sqlite3 -bail FILE < SCRIPT\nPRAGMA foreign_keys = ON;\nBEGIN IMMEDIATE;\n",
            "COMMIT;\n",
        )
    }

    async fn references(&self) -> Result<Vec<(TableName, TableName)>, EngineError> {
        self.read(|connection| {
            let doing = "reading foreign keys";
            let mut statement = connection.prepare(REFERENCES).doing(doing)?;
            let found =
                statement.query_map([], |row| Ok((TableName::bare(row.get::<_, String>(0)?), row.get::<_, String>(1)?))).doing(doing)?;
            let found = found.collect::<rusqlite::Result<Vec<_>>>().doing(doing)?;
            // A reference may spell the name in another case than the table itself.
            let stored = |name: &str| {
                found
                    .iter()
                    .map(|(child, _)| child)
                    .find(|child| child.name.eq_ignore_ascii_case(name))
                    .cloned()
                    .unwrap_or_else(|| TableName::bare(name))
            };
            Ok(found.iter().map(|(child, parent)| (child.clone(), stored(parent))).collect())
        })
    }

    async fn unmendable(&self, table: &TableName) -> Result<Option<String>, EngineError> {
        let taken: i64 = self
            .read(|connection| connection.query_row(ROW_ID_NAMES, [&table.name], |row| row.get(0)).doing("reading the names of columns"))?;
        // By a key each row is told from all others.
        let keyless = taken >= 3 && segue_engine::rows::Rows::describe(self, table).await?.key.is_none();
        Ok(keyless.then(|| "every name of its row id is a column, so that one of equal rows cannot be told from the others".to_owned()))
    }

    async fn acting(&self, table: &TableName) -> Result<Vec<Acting>, EngineError> {
        self.read(|connection| acting::read(connection, table))
    }

    fn unreferred(&self, table: &TableName, acting: &Acting) -> Option<String> {
        acting::unreferred(table, acting)
    }

    async fn uniques(&self, table: &TableName) -> Result<Vec<Unique>, EngineError> {
        self.read(|connection| unique::read(connection, table))
    }

    async fn warnings(&self, _table: &TableName) -> Result<Vec<String>, EngineError> {
        Ok(Vec::new())
    }
}

/// A connection in a writing transaction that this guard may have, with foreign keys on and triggers off.
fn corrector(path: &std::path::Path, guard: &Guard) -> Result<Connection, EngineError> {
    let connection = connect::writer(path)?;
    connection.execute_batch("PRAGMA foreign_keys=ON").doing("opening")?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).doing("opening")?;
    connect::open_transaction(&connection, guard.lock_timeout_ms)?;
    control::fence(&connection, guard)?;
    Ok(connection)
}
