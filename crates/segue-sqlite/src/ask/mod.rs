//! Questions of a person or of Segue to a file: one statement on a connection of its own, which may do nothing but
//! read tables and call functions.
//!
//! SQLite itself refuses everything else while it prepares the statement, a PRAGMA and ATTACH among it. It must never
//! hand out a part of an answer. Tests: `segue-sim/tests/it/checks/ask.rs`.

mod counters;
mod sql;

use std::time::{Duration, Instant};

use async_trait::async_trait;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use segue_engine::rows::{Answer, AnswerColumn, Ask, Batch, Class, Controls, Counter, Probe, Question, Value};
use segue_engine::{EngineError, ErrorKind};
use segue_model::ident::TableName;

use crate::SqliteEngine;
use crate::connect;
use crate::error::{self, Doing};

const DOING: &str = "running a query that only reads";
/// Steps of SQLite's machine between two looks at the clock.
const STEPS: i32 = 10_000;

#[async_trait]
impl Ask for SqliteEngine {
    fn dialect(&self) -> &'static str {
        "sqlite"
    }

    async fn ask(&self, question: &Question) -> Result<Answer, EngineError> {
        answer(&connect::reader(self.path())?, question)
    }

    fn sql(&self, probe: &Probe) -> String {
        sql::probe(probe)
    }

    fn labelled(&self, label: &str, probe: Option<&Probe>) -> String {
        sql::labelled(label, probe)
    }

    fn frame(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        (vec!["begin"], vec!["commit"])
    }

    fn kept(&self, column: &str, class: &Class) -> Option<String> {
        sql::kept(column, class)
    }

    async fn counters(&self, tables: &[TableName]) -> Result<Vec<Counter>, EngineError> {
        self.read(|connection| counters::read(connection, tables))
    }

    async fn controls(&self) -> Result<Controls, EngineError> {
        let not_read = vec!["accounts, rights and TLS: a SQLite file has none; who may read the file may read all".to_owned()];
        Ok(Controls { not_read, ..Controls::default() })
    }
}

fn answer(connection: &Connection, question: &Question) -> Result<Answer, EngineError> {
    let until = Instant::now() + Duration::from_millis(question.time_ms_max);
    connection.progress_handler(STEPS, Some(move || Instant::now() > until)).doing(DOING)?;
    connection.authorizer(Some(only_reads)).doing(DOING)?;
    // Else a misspelt name between double quotes is a text, and the question is answered for it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false).doing(DOING)?;
    let mut statement = connection.prepare(&question.sql).map_err(|cause| match cause {
        rusqlite::Error::MultipleStatement => refused("it is more than one statement"),
        cause => error::from(DOING, cause),
    })?;
    if statement.column_count() == 0 || statement.parameter_count() > 0 || !statement.readonly() {
        return Err(refused("it gives no columns, asks for parameters, or writes"));
    }
    let columns: Vec<AnswerColumn> = statement
        .column_names()
        .into_iter()
        // Each value has a class of its own; a column has none.
        .map(|name| AnswerColumn { name: name.to_owned(), class: Class::Text })
        .collect();
    let begun = Instant::now();
    let (mut batch, mut rows, mut bytes) = (Batch::default(), Vec::new(), 0);
    let mut cursor = statement.query([]).doing(DOING)?;
    while let Some(row) = cursor.next().doing(DOING)? {
        batch.clear();
        for at in 0..columns.len() {
            value(&mut batch, row, at)?;
        }
        batch.end_row(&[]);
        bytes += batch.bytes() as u64;
        rows.push(batch.row(0).1.to_vec());
        if let Some(error) = question.overrun(error::RESOURCES, rows.len() as u64, bytes) {
            return Err(error);
        }
    }
    Ok(Answer { columns, rows, took_us: u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX) })
}

fn refused(why: &str) -> EngineError {
    EngineError::new(error::STATEMENT, ErrorKind::Syntax, format!("{DOING}: {why}"))
        .help("write one SELECT, with an ORDER BY if the order matters")
}

/// What a statement that only reads does.
fn only_reads(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Function { .. } | AuthAction::Recursive => Authorization::Allow,
        _ => Authorization::Deny,
    }
}

fn value(batch: &mut Batch, row: &Row<'_>, at: usize) -> Result<(), EngineError> {
    match row.get_ref(at).doing(DOING)? {
        ValueRef::Null => batch.value(&Value::Null, &Class::Text),
        ValueRef::Integer(number) => batch.value(&Value::Integer(i128::from(number)), &Class::Integer),
        ValueRef::Real(number) => batch.value(&Value::Float64(number), &Class::Float),
        ValueRef::Text(text) => batch.value(&Value::Text(text), &Class::Text),
        ValueRef::Blob(blob) => batch.value(&Value::Bytes(blob), &Class::Bytes),
    }
    Ok(())
}
