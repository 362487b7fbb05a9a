//! Reading rows for comparison: [`Rows`] for a PostgreSQL database, each question in a file of its own.
//!
//! Rows come as `COPY … TO STDOUT` in the binary form and are decoded straight into canonical bytes. Every session is
//! set as `session.rs` says, whatever the role or the database say, and cannot write. It must never take an answer
//! that was cut for its end, never show a value, and never let a name or a value into a statement but through the
//! quoting door. Tests: at the end of each file, and `tests/it/rows/` against real servers.

mod convert;
mod copy;
mod describe;
mod digest;
mod kind;
mod literal;
mod near;
mod nested;
mod numeric;
mod place;
mod present;
mod select;
mod snapshot;
mod splits;
mod stream;
mod wire;

use async_trait::async_trait;
use segue_engine::rows::{Applied, ColumnRows, Conversion, Mark, Read, Rows, Snapshot, TableRows};
use segue_engine::{EngineError, Load, Reshape, ServerFacts};
use segue_model::ident::TableName;

use crate::PostgresEngine;
use crate::catalog::{facts, names};

pub(crate) use present::present;

#[async_trait]
impl Rows for PostgresEngine {
    async fn facts(&self) -> Result<ServerFacts, EngineError> {
        facts::read(&*self.read_session("verify").await?).await
    }

    async fn tables(&self) -> Result<Vec<TableName>, EngineError> {
        names::tables(&*self.read_session("verify").await?).await
    }

    async fn describe(&self, table: &TableName) -> Result<TableRows, EngineError> {
        describe::describe(&self.read_session("verify").await?, table).await
    }

    async fn snapshot(&self, readers: usize) -> Result<Box<dyn Snapshot>, EngineError> {
        Ok(Box::new(snapshot::take(self, readers).await?))
    }

    async fn load(&self) -> Result<Load, EngineError> {
        Reshape::load(self).await
    }

    async fn mark(&self) -> Result<Option<Mark>, EngineError> {
        place::mark(&*self.read_session("verify").await?).await
    }

    async fn applied(&self, mark: &Mark) -> Result<Applied, EngineError> {
        place::applied(&*self.read_session("verify").await?, mark).await
    }

    fn converted(&self, column: &ColumnRows, conversion: &Conversion) -> Option<String> {
        convert::expression(column, conversion)
    }

    fn digest_sql(&self, read: &Read) -> Option<String> {
        digest::sql(read)
    }
}
