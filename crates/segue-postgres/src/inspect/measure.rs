//! Writing a sample: by `COPY`, as a copy would, into a new table whose transaction is rolled back, with an index after it.
//!
//! So the write-ahead log is written as in earnest, and nothing stays, however it ends. This is the one transaction
//! of ours without the check of an epoch: it never commits. Tests: `segue_sim::inspect`.

use std::io::Cursor;
use std::time::Instant;

use futures_util::SinkExt as _;
use segue_engine::inspect::{Cell, Kind, Sample, Taken};
use segue_engine::{EngineError, Guard, quote};
use segue_model::ident::TableName;
use tokio_postgres::CopyInSink;

use crate::PostgresEngine;
use crate::error::db;

fn column_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "bigint",
        Kind::Decimal => "numeric",
        Kind::Float => "double precision",
        Kind::Boolean => "boolean",
        Kind::Text => "text",
        Kind::Bytes => "bytea",
        Kind::Date => "date",
        Kind::Timestamp => "timestamp",
        Kind::Uuid => "uuid",
        Kind::Json => "jsonb",
    }
}

/// Bytes of one message.
const MESSAGE_BYTES: usize = 64 << 10;

/// Writes the rows and lets the table go.
pub(super) async fn write(engine: &PostgresEngine, taken: &Taken) -> Result<Sample, EngineError> {
    let guard = Guard {
        run: "-".to_owned(),
        tag: "probe".to_owned(),
        step: "probe".to_owned(),
        epoch: 0,
        lock_timeout_ms: 2_000,
        spec_digest: String::new(),
    };
    let mut session = engine.write_session(&guard).await?;
    session.batch_execute("set statement_timeout = '60s'; set lock_timeout = '2s'").await.map_err(db)?;
    let schema = session.schemas().first().cloned().unwrap_or_else(|| "public".to_owned());
    let table = quote::table(&TableName::new(schema, format!("segue_probe_{}", session.pid())));
    // Names of the source may be longer than this server takes: places serve as well.
    let columns: Vec<_> = taken.columns.iter().enumerate().map(|(at, column)| format!("c{at} {}", column_type(column.kind))).collect();
    let transaction = session.client.transaction().await.map_err(db)?;
    transaction.batch_execute(&format!("create table {table} ({})", columns.join(", "))).await.map_err(db)?;
    let begun = Instant::now();
    let sink: CopyInSink<Cursor<Vec<u8>>> = transaction.copy_in(&format!("copy {table} from stdin")).await.map_err(db)?;
    let mut sink = std::pin::pin!(sink);
    let mut message = Vec::with_capacity(MESSAGE_BYTES);
    for row in &taken.rows {
        line(row, &mut message);
        if message.len() >= MESSAGE_BYTES {
            sink.send(Cursor::new(std::mem::take(&mut message))).await.map_err(db)?;
        }
    }
    sink.send(Cursor::new(message)).await.map_err(db)?;
    let rows = sink.as_mut().finish().await.map_err(db)?;
    let micros = begun.elapsed().as_micros() as u64;
    let mut index_micros = None;
    if let Some(at) = taken.indexed() {
        let begun = Instant::now();
        transaction.batch_execute(&format!("create index on {table} (c{at})")).await.map_err(db)?;
        index_micros = Some(begun.elapsed().as_micros() as u64);
    }
    transaction.rollback().await.map_err(db)?;
    assert_eq!(rows, taken.sample.rows, "the server took every row");
    let without = "written by COPY and rolled back: without indexes and without the sync of a commit".to_owned();
    Ok(Sample { rows, bytes: taken.sample.bytes, micros, index_micros, without })
}

/// A row in the text form of `COPY`.
fn line(row: &[Cell], out: &mut Vec<u8>) {
    for (at, cell) in row.iter().enumerate() {
        if at > 0 {
            out.push(b'\t');
        }
        match cell {
            Cell::Null => out.extend_from_slice(b"\\N"),
            Cell::Text(text) => text.bytes().for_each(|byte| letter(byte, out)),
            Cell::Bytes(bytes) => {
                out.extend_from_slice(b"\\\\x");
                for byte in bytes {
                    out.extend([byte >> 4, byte & 15].map(|half| b"0123456789abcdef"[usize::from(half)]));
                }
            }
        }
    }
    out.push(b'\n');
}

fn letter(byte: u8, out: &mut Vec<u8>) {
    match byte {
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        byte => out.push(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_copy_keeps_every_letter() {
        let mut out = Vec::new();
        line(&[Cell::Null, Cell::Text("a\tb\\N\nc\r".to_owned()), Cell::Bytes(vec![0, 0xfe])], &mut out);
        assert_eq!(String::from_utf8(out).expect("text"), "\\N\ta\\tb\\\\N\\nc\\r\t\\\\x00fe\n");
    }
}
