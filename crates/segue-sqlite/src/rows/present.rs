//! Rows of a read at once, on a connection that is in a transaction of its own: for who corrects them.
//!
//! Tests: `tests/it/repair.rs` of `segue-sim`.

use rusqlite::{Connection, params_from_iter};
use segue_engine::EngineError;
use segue_engine::rows::{Batch, Read};

use super::{decode, question};
use crate::error::Doing;

/// All rows of the read.
pub(crate) fn present(connection: &Connection, read: &Read) -> Result<Batch, EngineError> {
    let doing = "reading rows";
    let question = question::rows(read)?;
    let mut statement = connection.prepare(&question.sql).doing(doing)?;
    let mut rows = statement.query(params_from_iter(question.bound.iter())).doing(doing)?;
    let (mut batch, mut room) = (Batch::default(), String::new());
    while let Some(row) = rows.next().doing(doing)? {
        for (at, column) in read.columns.iter().enumerate() {
            let raw = row.get_ref(at).doing(doing)?;
            batch.value(&decode::value(raw, &column.class, &mut room), &column.class);
        }
        batch.end_row(&read.key);
    }
    Ok(batch)
}
