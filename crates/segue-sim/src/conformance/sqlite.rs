//! SQLite as a fixture: a file of its own, clients on connections of their own.
//!
//! Both sides are on the one table; each names its own columns. Must never share the engine's connection.
//! Tests: `tests/it/conformance_sqlite.rs`.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use segue_engine::Engine;
use segue_engine::memory::Side;
use segue_model::ident::TableName;
use segue_model::reshape::TableChange;
use segue_sqlite::SqliteEngine;

use super::{ClientError, Fixture, Held};

/// A SQLite file with its engine.
pub struct SqliteFixture {
    engine: Arc<SqliteEngine>,
    folder: tempfile::TempDir,
}

impl SqliteFixture {
    /// A new, empty file.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("db.sqlite");
        let connection = Connection::open(&path).expect("a new file");
        // NORMAL: what a power cut does is not the question here, and each commit would wait for the disk.
        connection.execute_batch("pragma journal_mode = wal; pragma synchronous = normal").expect("the write-ahead log");
        drop(connection);
        let engine = Arc::new(SqliteEngine::open(&path).expect("the engine opens"));
        Self { engine, folder }
    }

    /// Where the file is, for clients of their own.
    pub fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("db.sqlite")
    }

    fn client(&self) -> Result<Connection, ClientError> {
        let connection = Connection::open(self.path()).map_err(|error| error.to_string())?;
        connection.busy_timeout(Duration::from_secs(5)).map_err(|error| error.to_string())?;
        connection.execute_batch("pragma foreign_keys = on; pragma synchronous = normal").map_err(|error| error.to_string())?;
        Ok(connection)
    }
}

impl Default for SqliteFixture {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Fixture for SqliteFixture {
    fn engine(&self) -> &dyn Engine {
        self.engine.as_ref()
    }

    fn shared(&self) -> Arc<dyn Engine> {
        self.engine.clone()
    }

    fn mendable(&self) -> Arc<dyn segue_engine::rows::Mendable> {
        self.engine.clone()
    }

    async fn execute(&self, _side: Side, _change: Option<&TableChange>, sql: &str) -> Result<u64, ClientError> {
        self.client()?.execute(sql, []).map(|rows| rows as u64).map_err(|error| error.to_string())
    }

    async fn rows(&self, _side: Side, _change: Option<&TableChange>, sql: &str) -> Result<Vec<Vec<String>>, ClientError> {
        let client = self.client()?;
        let mut statement = client.prepare(sql).map_err(|error| error.to_string())?;
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|at| row.get_ref(at).map(show)).collect::<Result<Vec<_>, _>>());
        rows.and_then(Iterator::collect).map_err(|error| error.to_string())
    }

    async fn hold(&self, _table: &TableName) -> Option<Held> {
        let client = self.client().ok()?;
        client.execute_batch("begin immediate").ok()?;
        Some(Box::new(client))
    }

    async fn release(&self, held: Held) {
        drop(held);
    }

    fn casts_fail(&self) -> bool {
        false
    }

    fn has_comments(&self) -> bool {
        false
    }
}

fn show(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(n) => n.to_string(),
        ValueRef::Real(n) => n.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => {
            let hex: Vec<_> = bytes.iter().map(|b| format!("{b:02x}")).collect();
            format!("x'{}'", hex.concat())
        }
    }
}
