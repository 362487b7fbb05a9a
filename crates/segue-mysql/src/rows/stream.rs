//! Rows on their way: the binary protocol of a prepared statement, into canonical bytes.
//!
//! The answer lives in the connection; each call goes on with it where the last one stopped. It must never take a cut
//! for an end: the driver says "no more" only for the server's own end mark, and everything else is an error. Tests:
//! `tests/it/stream.rs`.

use async_trait::async_trait;
use mysql_async::prelude::Queryable as _;
use mysql_async::{BinaryProtocol, QueryResult, Statement};
use segue_engine::rows::{BATCH_BYTES, Batch, Class, Read, RowStream};
use segue_engine::{EngineError, ErrorKind};

use super::decode::{Decode, Room, decode, value};
use super::describe::Described;
use super::reader::{Lease, parameters};
use super::select;
use crate::error::db;

/// Rows of one read.
pub(super) struct Stream {
    lease: Lease,
    statement: Option<Statement>,
    columns: Vec<(Decode, Class)>,
    key: Vec<usize>,
}

impl Stream {
    /// Begins to read.
    pub(super) async fn open(mut lease: Lease, read: &Read, table: &Described) -> Result<Self, EngineError> {
        let piece = select::rows(read, table)?;
        let begun = begin(&mut lease, read, table, piece).await;
        let (statement, columns) = lease.judge(begun)?;
        Ok(Self { lease, statement: Some(statement), columns, key: read.key.clone() })
    }

    async fn fill(&mut self, batch: &mut Batch) -> Result<bool, EngineError> {
        let Self { lease, columns, key, .. } = self;
        let session = lease.session()?;
        let mut answer = QueryResult::<BinaryProtocol>::new(&mut session.conn);
        while batch.bytes() < BATCH_BYTES {
            let Some(row) = answer.next().await.map_err(db)? else { return Ok(true) };
            let mut room = Room::default();
            for (at, (how, class)) in columns.iter().enumerate() {
                let wire = row.as_ref(at).ok_or_else(short)?;
                batch.value(&value(wire, *how, &mut room)?, class);
            }
            batch.end_row(key);
        }
        Ok(false)
    }
}

async fn begin(
    lease: &mut Lease,
    read: &Read,
    table: &Described,
    piece: super::condition::Piece,
) -> Result<(Statement, Vec<(Decode, Class)>), EngineError> {
    let session = lease.session()?;
    let statement = session.conn.prep(piece.sql).await.map_err(db)?;
    let seen = session.conn.exec_iter(&statement, parameters(piece.parameters)).await.map_err(db)?;
    let meta = seen.columns().ok_or_else(short)?;
    drop(seen);
    lease.unread(true);
    if meta.len() != read.columns.len().max(1) {
        return Err(short());
    }
    let mut columns = Vec::with_capacity(read.columns.len());
    for (column, meta) in read.columns.iter().zip(meta.iter()) {
        columns.push((decode(meta, select::form(column, table)?), column.class.clone()));
    }
    Ok((statement, columns))
}

#[async_trait]
impl RowStream for Stream {
    async fn next(&mut self, batch: &mut Batch) -> Result<bool, EngineError> {
        batch.clear();
        if self.statement.is_none() {
            return Ok(false);
        }
        match self.fill(batch).await {
            Ok(false) => Ok(true),
            Ok(true) => {
                self.lease.unread(false);
                if let (Some(statement), Ok(session)) = (self.statement.take(), self.lease.session()) {
                    session.conn.close(statement).await.map_err(db)?;
                }
                Ok(!batch.is_empty())
            }
            Err(error) => {
                batch.clear();
                self.statement = None;
                self.lease.lost();
                Err(error)
            }
        }
    }
}

fn short() -> EngineError {
    EngineError::new("SG-MY-017", ErrorKind::Other, "an answer has other columns than were asked for")
}
