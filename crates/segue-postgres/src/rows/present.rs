//! Rows of a read at once, in a transaction of somebody who corrects them: locked until it ends.
//!
//! Tests: `tests/it/repair.rs` of `segue-sim`.

use futures_util::StreamExt as _;
use segue_engine::EngineError;
use segue_engine::rows::{Batch, Read};
use tokio_postgres::Client;

use super::copy::Decoder;
use super::kind::Types;
use super::select::{ColumnFacts, Select, bare};
use crate::error::db;

/// All rows of the read, each locked against changes where `lock` says so. The session's settings are those of a
/// writing session.
pub(crate) async fn present(client: &Client, read: &Read, lock: bool) -> Result<Batch, EngineError> {
    let statement = client.prepare(&bare(read)).await.map_err(db)?;
    let oids: Vec<u32> = statement.columns().iter().map(|column| column.type_().oid()).collect();
    let mut types = Types::default();
    types.learn(client, &oids).await?;
    let natives: Vec<_> = oids.iter().map(|oid| types.native(*oid, -1)).collect();
    let facts = vec![ColumnFacts::default(); read.columns.len()];
    let row = client.query_one("select pg_catalog.current_setting('server_encoding') = 'UTF8'", &[]).await.map_err(db)?;
    let rows = Select { read, natives: &natives, facts: &facts, unicode: row.get(0) }.rows()?;
    let sql = format!("copy ({rows}{}) to stdout (format binary)", if lock { " for no key update" } else { "" });
    let columns = natives.into_iter().zip(&read.columns).map(|(native, column)| (native.wire, column.class.clone())).collect();
    let mut decoder = Decoder::new(columns, read.key.clone());
    let mut answer = Box::pin(client.copy_out(&sql).await.map_err(db)?);
    let mut batch = Batch::default();
    while let Some(piece) = answer.next().await {
        decoder.feed(&piece.map_err(db)?, &mut batch)?;
    }
    decoder.end()?;
    Ok(batch)
}
