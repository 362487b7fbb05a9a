//! Reading rows for comparison: [`Rows`] for MySQL and MariaDB, each idea in a file of its own.
//!
//! A reading session's transaction is read-only and sees one moment. It must never end a stream early without an error,
//! and never show a value. Tables of storage engines without transactions have no moment: [`Rows::facts`] warns of them.
//! Tests: `tests/it/stream.rs`, `tests/it/moment.rs`.

mod condition;
mod convert;
mod decode;
mod describe;
mod digest;
mod load;
mod mark;
mod moment;
mod native;
mod present;
mod reader;
mod select;
mod snapshot;
mod splits;
mod stream;

use async_trait::async_trait;
use segue_engine::rows::{Applied, ColumnRows, Conversion, Mark, Read, Rows, Snapshot, TableRows};
use segue_engine::{EngineError, Load, ServerFacts};
use segue_model::ident::TableName;

use crate::MysqlEngine;
use crate::session::{Purpose, Session};

pub(crate) use describe::Described;
pub(crate) use native::Form;
pub(crate) use present::{Seen, describe, present};

#[async_trait]
impl Rows for MysqlEngine {
    async fn facts(&self) -> Result<ServerFacts, EngineError> {
        let mut facts = segue_engine::inspect::Inspect::facts(self).await?;
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let found = describe::without_snapshot(&mut session).await;
        session.close().await;
        facts.warnings.extend(found?);
        Ok(facts)
    }

    async fn tables(&self) -> Result<Vec<TableName>, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let tables = describe::tables(&mut session).await;
        session.close().await;
        tables
    }

    async fn describe(&self, table: &TableName) -> Result<TableRows, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let table = describe::describe(&mut session, table).await;
        session.close().await;
        Ok(table?.rows)
    }

    async fn snapshot(&self, _readers: usize) -> Result<Box<dyn Snapshot>, EngineError> {
        Ok(Box::new(snapshot::Moment::open(&self.target).await?))
    }

    async fn load(&self) -> Result<Load, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let load = load::read(&mut session).await;
        session.close().await;
        load
    }

    async fn mark(&self) -> Result<Option<Mark>, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let mark = mark::read(&mut session).await;
        session.close().await;
        mark
    }

    async fn applied(&self, mark: &Mark) -> Result<Applied, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let applied = mark::applied(&mut session, mark).await;
        session.close().await;
        applied
    }

    fn converted(&self, column: &ColumnRows, conversion: &Conversion) -> Option<String> {
        convert::expression(column, conversion)
    }

    fn digest_sql(&self, read: &Read) -> Option<String> {
        digest::for_people(read)
    }
}
