//! The SQLite engine: both forms of a table on the one table, kept by triggers, in short immediate transactions.
//!
//! It never changes settings that live in the user's file, never writes outside a fenced transaction, and never
//! puts a row's value into an error. Tests: `tests/it/`.

mod affinity;
mod ask;
mod catalog;
mod clone;
mod compose;
mod connect;
mod control;
mod correct;
mod error;
mod fence;
mod inspect;
mod reshape;
mod rows;
mod schema;
mod sql;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use rusqlite::Connection;
use segue_engine::{Blocker, Capabilities, Engine, EngineError, Fence, Guard, Reshape, ServerFacts};
use segue_model::catalog::Catalog;
use segue_model::ident::TableName;

use crate::error::Doing;

/// A SQLite database file.
pub struct SqliteEngine {
    path: PathBuf,
    reader: Mutex<Connection>,
    /// Made at the first write, so that a file that can only be read can still be planned on.
    writer: Mutex<Option<Connection>>,
}

impl SqliteEngine {
    /// Opens a database file that exists. Nothing is written.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, EngineError> {
        let path = path.as_ref().to_owned();
        let reader = Mutex::new(connect::reader(&path)?);
        Ok(Self { path, reader, writer: Mutex::new(None) })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Runs on the connection that cannot write, in one snapshot.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, EngineError>) -> Result<T, EngineError> {
        let mut connection = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction().doing("beginning to read")?;
        work(&transaction)
    }

    /// Runs in one immediate transaction and commits.
    pub(crate) fn write<T>(&self, guard: &Guard, work: impl FnOnce(&Connection) -> Result<T, EngineError>) -> Result<T, EngineError> {
        let mut slot = self.writer()?;
        let connection = slot.connection()?;
        let transaction = connect::begin(connection, guard.lock_timeout_ms)?;
        let out = work(&transaction).and_then(|out| transaction.commit().map(|()| out));
        if out.is_err() {
            // A schema text that was written and rolled back must not stay in a connection's memory.
            slot.close();
        }
        out
    }

    pub(crate) fn writer(&self) -> Result<Writer<'_>, EngineError> {
        let mut slot = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.is_none() {
            *slot = Some(connect::writer(&self.path)?);
        }
        Ok(Writer(slot))
    }
}

/// The writing connection, held.
pub(crate) struct Writer<'a>(MutexGuard<'a, Option<Connection>>);

impl Writer<'_> {
    fn close(&mut self) {
        *self.0 = None;
    }

    pub(crate) fn connection(&mut self) -> Result<&mut Connection, EngineError> {
        self.0
            .as_mut()
            .ok_or_else(|| EngineError::new(error::OPEN, segue_engine::ErrorKind::Connection, "the database file cannot be opened"))
    }
}

#[async_trait]
impl Engine for SqliteEngine {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            version_schemas: false,
            concurrent_index: false,
            online_constraints: false,
            transactional_ddl: true,
            concurrent_writers: false,
        }
    }

    async fn facts(&self) -> Result<ServerFacts, EngineError> {
        let database = self.path.display().to_string();
        self.read(|connection| {
            let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).doing("reading settings")?;
            let mut warnings = Vec::new();
            if !mode.eq_ignore_ascii_case("wal") {
                warnings.push(format!(
                    "the journal mode is {mode}, not wal: readers and writers wait for each other; Segue does not change it"
                ));
            }
            warnings.push("every client needs a busy time-out, and should begin a transaction that writes with BEGIN IMMEDIATE".to_owned());
            let read_only = std::fs::metadata(&self.path).is_ok_and(|file| file.permissions().readonly());
            Ok(ServerFacts { engine: "sqlite", version: rusqlite::version().to_owned(), database, read_only, warnings })
        })
    }

    async fn resolve(&self, name: &TableName) -> Result<TableName, EngineError> {
        let stored = self.read(|connection| reshape::layout::table_sql(connection, &name.name))?;
        Ok(TableName::bare(stored.map_or_else(|| name.name.clone(), |(stored, _)| stored)))
    }

    async fn catalog(&self, tables: &[TableName]) -> Result<Catalog, EngineError> {
        self.read(|connection| catalog::read(connection, tables))
    }

    async fn tables(&self) -> Result<Vec<TableName>, EngineError> {
        self.read(catalog::tables)
    }

    async fn index_table(&self, index: &TableName) -> Result<Option<TableName>, EngineError> {
        self.read(|connection| catalog::index_table(connection, &index.name))
    }

    async fn blockers(&self, _table: &TableName) -> Result<Vec<Blocker>, EngineError> {
        let mut slot = self.writer()?;
        let free = connect::begin(slot.connection()?, 0);
        // SQLite does not say who: only that somebody holds the one write lock.
        Ok(match free {
            Ok(_) => Vec::new(),
            Err(_) => vec![Blocker {
                session: "another process or connection".to_owned(),
                application: String::new(),
                user: String::new(),
                state: "holds the write lock".to_owned(),
                transaction_age_ms: 0,
            }],
        })
    }

    async fn query_digest(&self, sql: &str) -> Result<(String, u64), EngineError> {
        self.read(|connection| catalog::digest::query(connection, sql))
    }

    fn fence(&self) -> &dyn Fence {
        self
    }

    fn reshape(&self) -> &dyn Reshape {
        self
    }
}
