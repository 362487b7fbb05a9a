//! SQLite as a fixture of looks: a file of its own.

use std::any::Any;

use async_trait::async_trait;
use rusqlite::Connection;
use segue_engine::inspect::Inspect;
use segue_engine::quote;
use segue_model::ident::TableName;
use segue_sqlite::SqliteEngine;

use super::Looked;

/// A file with an engine on it.
pub struct Sqlite {
    engine: SqliteEngine,
    folder: tempfile::TempDir,
}

impl Sqlite {
    /// A new file.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("db.sqlite");
        Connection::open(&path).expect("a new file").execute_batch("pragma journal_mode = wal").expect("the write-ahead log");
        let engine = SqliteEngine::open(&path).expect("the engine opens");
        Self { engine, folder }
    }

    /// Where the file is.
    pub fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("db.sqlite")
    }
}

impl Default for Sqlite {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Looked for Sqlite {
    fn inspect(&self) -> &dyn Inspect {
        &self.engine
    }

    async fn execute(&self, sql: &str) -> Result<(), String> {
        let client = Connection::open(self.path()).map_err(|error| error.to_string())?;
        client.execute_batch("pragma synchronous = off").map_err(|error| error.to_string())?;
        client.execute_batch(sql).map_err(|error| error.to_string())
    }

    fn quoted(&self, name: &str) -> String {
        quote::name(name)
    }

    fn table(&self, name: &str) -> TableName {
        TableName::bare(name)
    }

    async fn stranger(&self) -> Option<Box<dyn Inspect>> {
        None
    }

    fn impostor(&self, _password: &str) -> Option<Box<dyn Inspect>> {
        None
    }

    async fn cut_after(&self, _bytes: u64) -> Option<Box<dyn Inspect>> {
        None
    }

    async fn transaction(&self, _text: &str) -> Option<Box<dyn Any + Send>> {
        None
    }

    async fn prepare(&self, _name: &str) -> bool {
        false
    }

    async fn unprepare(&self, _name: &str) {}
}
