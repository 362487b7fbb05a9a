//! Rows of a read at once, in a transaction of somebody who corrects them: locked until it ends.
//!
//! Tests: `tests/it/repair.rs` of `segue-sim`.

use mysql_async::prelude::Queryable as _;
use mysql_async::{Row, Value as Wire};
use segue_engine::EngineError;
use segue_engine::rows::{Batch, Read};
use segue_model::ident::TableName;

use super::decode::{Room, decode, parameter, value};
use super::describe::Described;
use super::reader::parameters;
use super::select;
use crate::error::broken;
use crate::session::{Session, in_time};

/// Rows, and each as a statement takes it to find it again.
pub(crate) struct Seen {
    pub(crate) batch: Batch,
    pub(crate) wires: Vec<Vec<Wire>>,
}

/// The table as its reader knows it.
pub(crate) async fn describe(session: &mut Session, table: &TableName) -> Result<Described, EngineError> {
    super::describe::describe(session, table).await
}

/// All rows of the read, locked against everybody else.
pub(crate) async fn present(session: &mut Session, read: &Read, table: &Described) -> Result<Seen, EngineError> {
    let piece = select::rows(read, table)?;
    let sql = format!("{} FOR UPDATE", piece.sql);
    let statement = in_time(session.conn.prep(sql)).await?;
    let rows: Vec<Row> = in_time(session.conn.exec(&statement, parameters(piece.parameters))).await?;
    in_time(session.conn.close(statement)).await?;
    let mut seen = Seen { batch: Batch::default(), wires: Vec::with_capacity(rows.len()) };
    for row in rows {
        let metas = row.columns();
        let wires: Vec<Wire> = row.unwrap_raw().into_iter().map(|value| value.unwrap_or(Wire::NULL)).collect();
        if wires.len() != read.columns.len() || metas.len() != wires.len() {
            return Err(broken("its answer has another number of columns than was asked for"));
        }
        let (mut room, mut parameters) = (Room::default(), Vec::with_capacity(wires.len()));
        for ((column, wire), meta) in read.columns.iter().zip(wires).zip(metas.iter()) {
            let how = decode(meta, select::form(column, table)?);
            seen.batch.value(&value(&wire, how, &mut room)?, &column.class);
            parameters.push(parameter(wire, how));
        }
        seen.batch.end_row(&read.key);
        seen.wires.push(parameters);
    }
    Ok(seen)
}
