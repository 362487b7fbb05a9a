//! Questions of a person or of Segue to a database: one statement, in a READ ONLY transaction, on a connection that
//! nobody uses afterwards.
//!
//! The server refuses a write, a second statement and a query without columns; a bound that is passed is an error. It
//! must never hand out a part of an answer. Tests: `segue-sim/tests/it/checks/`.

mod controls;
mod counters;
mod decode;
mod sql;

use std::pin::pin;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_util::StreamExt as _;
use segue_engine::rows::{Answer, AnswerColumn, Ask, Batch, Class, Controls, Counter, Probe, Question};
use segue_engine::{EngineError, ErrorKind};
use segue_model::ident::TableName;
use tokio::time::timeout;
use tokio_postgres::SimpleQueryMessage;

use crate::PostgresEngine;
use crate::error::db;
use crate::session::Session;

/// How much longer than the server we wait: so that its own words arrive.
const GRACE: Duration = Duration::from_secs(5);

#[async_trait]
impl Ask for PostgresEngine {
    fn dialect(&self) -> &'static str {
        "postgres"
    }

    async fn ask(&self, question: &Question) -> Result<Answer, EngineError> {
        let session = self.lone_session("ask").await?;
        // The connection ends with the session: what is left of a long answer is not read by anybody.
        let bound = Duration::from_millis(question.time_ms_max) + GRACE;
        timeout(bound, answer(&session, question))
            .await
            .map_err(|_| EngineError::new("SG-PG-010", ErrorKind::Cancelled, "the server does not answer the query in time"))?
    }

    fn sql(&self, probe: &Probe) -> String {
        sql::probe(probe)
    }

    fn labelled(&self, label: &str, probe: Option<&Probe>) -> String {
        sql::labelled(label, probe)
    }

    fn frame(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        (vec!["set time zone 'UTC'", "begin transaction isolation level repeatable read read only"], vec!["commit"])
    }

    fn kept(&self, column: &str, class: &Class) -> Option<String> {
        sql::kept(column, class)
    }

    async fn counters(&self, tables: &[TableName]) -> Result<Vec<Counter>, EngineError> {
        counters::read(&*self.lone_session("counters").await?, tables).await
    }

    async fn controls(&self) -> Result<Controls, EngineError> {
        controls::read(&*self.lone_session("controls").await?).await
    }
}

async fn answer(session: &Session, question: &Question) -> Result<Answer, EngineError> {
    session.batch_execute("begin isolation level repeatable read read only").await.map_err(db)?;
    session
        .execute(
            "select pg_catalog.set_config('search_path', $1, true), pg_catalog.set_config('statement_timeout', $2, true)",
            &[&session.search_path(), &question.time_ms_max.to_string()],
        )
        .await
        .map_err(db)?;
    // To prepare takes one statement only, and tells its columns.
    let statement = session.prepare(&question.sql).await.map_err(db)?;
    if statement.columns().is_empty() || !statement.params().is_empty() {
        return Err(EngineError::new("SG-PG-023", ErrorKind::Syntax, "the query returns no columns, or asks for parameters")
            .help("write one SELECT, with an ORDER BY if the order matters"));
    }
    let columns: Vec<AnswerColumn> = statement
        .columns()
        .iter()
        .map(|column| AnswerColumn { name: column.name().to_owned(), class: decode::class(column.type_()) })
        .collect();
    let begun = Instant::now();
    // The same text in the simple protocol, in which the server writes every value as text.
    let mut messages = pin!(session.simple_query_raw(&question.sql).await.map_err(db)?);
    let (mut batch, mut rows, mut bytes) = (Batch::default(), Vec::new(), 0);
    while let Some(message) = messages.next().await {
        let SimpleQueryMessage::Row(row) = message.map_err(db)? else { continue };
        batch.clear();
        for (at, (column, of)) in columns.iter().zip(statement.columns()).enumerate() {
            decode::value(&mut batch, row.try_get(at).map_err(db)?, &column.class, of.type_());
        }
        batch.end_row(&[]);
        bytes += batch.bytes() as u64;
        rows.push(batch.row(0).1.to_vec());
        if let Some(error) = question.overrun("SG-PG-015", rows.len() as u64, bytes) {
            return Err(error);
        }
    }
    Ok(Answer { columns, rows, took_us: u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX) })
}
