//! One moment of a file: a read transaction on a connection of its own.
//!
//! SQLite cannot give a second connection the same moment, so there is one reader. Tests: `tests/it/rows.rs`.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, params_from_iter};
use segue_engine::rows::{Datum, Read, RowStream, Snapshot};
use segue_engine::{EngineError, ErrorKind};
use tokio::sync::Mutex;

use super::question::{self, Question};
use super::stream::Stream;
use crate::connect;
use crate::error::{self, Doing};

const DOING: &str = "reading one moment of the file";

/// A read transaction.
pub(super) struct Moment {
    connection: Arc<Mutex<Connection>>,
}

impl Moment {
    /// Begins it. The first look is what fixes the moment.
    pub(super) fn begin(path: &Path) -> Result<Self, EngineError> {
        let connection = connect::reader(path)?;
        connection.execute_batch("BEGIN").doing(DOING)?;
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).doing(DOING)?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    /// Runs where it may block.
    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let connection = Arc::clone(&self.connection).lock_owned().await;
        tokio::task::spawn_blocking(move || work(&connection))
            .await
            .map_err(|cause| EngineError::new(error::STATEMENT, ErrorKind::Other, "the reader ended without an answer").caused_by(cause))?
    }
}

#[async_trait]
impl Snapshot for Moment {
    fn readers(&self) -> usize {
        1
    }

    fn moment(&self) -> String {
        "one read transaction of the file".to_owned()
    }

    async fn stream(&self, read: &Read) -> Result<Box<dyn RowStream>, EngineError> {
        let connection = Arc::clone(&self.connection).lock_owned().await;
        Ok(Box::new(Stream::start(connection, read)?))
    }

    async fn count(&self, read: &Read) -> Result<u64, EngineError> {
        let Question { sql, bound } = question::count(read)?;
        self.ask(move |connection| {
            let rows: i64 = connection.query_row(&sql, params_from_iter(bound.iter()), |row| row.get(0)).doing(DOING)?;
            Ok(u64::try_from(rows).unwrap_or(0))
        })
        .await
    }

    async fn splits(&self, read: &Read, rows: u64) -> Result<Vec<Datum>, EngineError> {
        let Some(first) = read.key.first().copied().filter(|first| read.columns[*first].class.splits()) else {
            return Ok(Vec::new());
        };
        let Question { sql, bound } = question::every(read, first, rows.max(2))?;
        self.ask(move |connection| {
            let mut statement = connection.prepare(&sql).doing(DOING)?;
            let mut found = statement.query(params_from_iter(bound.iter())).doing(DOING)?;
            let mut out = Vec::new();
            while let Some(row) = found.next().doing(DOING)? {
                match row.get_ref(0).doing(DOING)? {
                    rusqlite::types::ValueRef::Integer(number) => out.push(Datum::Integer(i128::from(number))),
                    // A column of whole numbers may hold anything: what is none of them stands behind the last cut.
                    _ => break,
                }
            }
            Ok(out)
        })
        .await
    }

    async fn close(self: Box<Self>) -> Result<(), EngineError> {
        self.ask(|connection| connection.execute_batch("COMMIT").doing(DOING)).await
    }
}
