//! Reading rows of SQLite for comparison: [`Rows`] in one read transaction, on a connection that cannot write.
//!
//! SQLite types values, not columns: a value's own storage class is what counts, and a value that does not fit its
//! column's class keeps its own kind, so that it differs from all that do. A row id that nobody declared is no key:
//! VACUUM may change it. Must never end a stream that SQLite did not end. Tests: `tests/it/rows.rs`, the conformance
//! and the matrix of `segue_sim::rows`.

mod convert;
mod decode;
mod describe;
mod native;
mod present;
mod question;
mod snapshot;
mod stream;

use async_trait::async_trait;
use segue_engine::rows::{Applied, ColumnRows, Conversion, Mark, Rows, Snapshot, TableRows};
use segue_engine::{Engine, EngineError, Load, ServerFacts};
use segue_model::ident::TableName;

use crate::SqliteEngine;

pub(crate) use native::UNTYPED;
pub(crate) use present::present;

#[async_trait]
impl Rows for SqliteEngine {
    async fn facts(&self) -> Result<ServerFacts, EngineError> {
        Engine::facts(self).await
    }

    async fn tables(&self) -> Result<Vec<TableName>, EngineError> {
        self.read(describe::tables)
    }

    async fn describe(&self, table: &TableName) -> Result<TableRows, EngineError> {
        self.read(|connection| describe::describe(connection, &table.name))
    }

    async fn snapshot(&self, _readers: usize) -> Result<Box<dyn Snapshot>, EngineError> {
        Ok(Box::new(snapshot::Moment::begin(self.path())?))
    }

    async fn load(&self) -> Result<Load, EngineError> {
        Ok(Load::default())
    }

    async fn mark(&self) -> Result<Option<Mark>, EngineError> {
        Ok(None)
    }

    async fn applied(&self, _mark: &Mark) -> Result<Applied, EngineError> {
        Ok(Applied::NoStream("a file of SQLite follows no stream of changes".to_owned()))
    }

    fn converted(&self, column: &ColumnRows, conversion: &Conversion) -> Option<String> {
        convert::spell(column, conversion)
    }
}
