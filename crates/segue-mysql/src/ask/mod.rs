//! Questions of a person or of Segue to a database: one prepared statement in a session that can only read, on a
//! connection that nobody uses afterwards.
//!
//! The server refuses a write; to prepare takes one statement only, and one without columns (`INTO OUTFILE` among
//! them) is refused. It must never hand out a part of an answer. Tests: `segue-sim/tests/it/checks/`.

mod controls;
mod counters;
mod decode;
mod sql;

use std::time::{Duration, Instant};

use async_trait::async_trait;
use mysql_async::prelude::Queryable as _;
use segue_engine::rows::{Answer, AnswerColumn, Ask, Batch, Class, Controls, Counter, Probe, Question};
use segue_engine::{EngineError, ErrorKind};
use segue_model::ident::TableName;
use tokio::time::timeout;

use crate::MysqlEngine;
use crate::error::db;
use crate::session::{Flavour, Purpose, Session};

/// How much longer than the server we wait: so that its own words arrive.
const GRACE: Duration = Duration::from_secs(5);

#[async_trait]
impl Ask for MysqlEngine {
    fn dialect(&self) -> &'static str {
        "mysql"
    }

    async fn ask(&self, question: &Question) -> Result<Answer, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let bound = Duration::from_millis(question.time_ms_max) + GRACE;
        let answered = timeout(bound, answer(&mut session, question)).await;
        // After a failure the connection is dropped as it is: what is left of a long answer is not read by anybody.
        let answer =
            answered.map_err(|_| EngineError::new("SG-MY-010", ErrorKind::Cancelled, "the server does not answer the query in time"))??;
        session.close().await;
        Ok(answer)
    }

    fn sql(&self, probe: &Probe) -> String {
        sql::probe(probe)
    }

    fn labelled(&self, label: &str, probe: Option<&Probe>) -> String {
        sql::labelled(label, probe)
    }

    fn frame(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        (vec!["set time_zone = '+00:00'", "start transaction with consistent snapshot, read only"], vec!["commit"])
    }

    fn kept(&self, column: &str, class: &Class) -> Option<String> {
        sql::kept(column, class)
    }

    async fn counters(&self, tables: &[TableName]) -> Result<Vec<Counter>, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let counters = counters::read(&mut session, tables).await?;
        session.close().await;
        Ok(counters)
    }

    async fn controls(&self) -> Result<Controls, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let controls = controls::read(&mut session).await?;
        session.close().await;
        Ok(controls)
    }
}

async fn answer(session: &mut Session, question: &Question) -> Result<Answer, EngineError> {
    let limit = match session.flavour {
        Flavour::MariaDb => format!("SET SESSION max_statement_time = {}.{:03}", question.time_ms_max / 1000, question.time_ms_max % 1000),
        Flavour::MySql => format!("SET SESSION max_execution_time = {}", question.time_ms_max),
    };
    session.run(&limit).await?;
    let statement = session.conn.prep(question.sql.as_str()).await.map_err(db)?;
    if statement.columns().is_empty() || statement.num_params() > 0 {
        return Err(EngineError::new("SG-MY-040", ErrorKind::Syntax, "the query returns no columns, or asks for parameters")
            .help("write one SELECT, with an ORDER BY if the order matters"));
    }
    let begun = Instant::now();
    let mut result = session.conn.exec_iter(&statement, ()).await.map_err(db)?;
    // What was prepared may be typed more loosely than what comes.
    let described = result.columns().unwrap_or_default();
    let columns: Vec<AnswerColumn> =
        described.iter().map(|column| AnswerColumn { name: column.name_str().into_owned(), class: decode::class(column) }).collect();
    let (mut batch, mut rows, mut bytes) = (Batch::default(), Vec::new(), 0);
    while let Some(row) = result.next().await.map_err(db)? {
        batch.clear();
        for (value, column) in row.unwrap_raw().into_iter().zip(&columns) {
            decode::value(&mut batch, value, &column.class);
        }
        batch.end_row(&[]);
        bytes += batch.bytes() as u64;
        rows.push(batch.row(0).1.to_vec());
        if let Some(error) = question.overrun("SG-MY-015", rows.len() as u64, bytes) {
            return Err(error);
        }
    }
    drop(result);
    // A function that waits or repeats can end early without a word when its time is up.
    if begun.elapsed() >= Duration::from_millis(question.time_ms_max) {
        return Err(EngineError::new("SG-MY-010", ErrorKind::Cancelled, "the query took as long as it may, and may have been cut"));
    }
    Ok(Answer { columns, rows, took_us: u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX) })
}
