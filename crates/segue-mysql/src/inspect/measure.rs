//! Writing a sample: into a temporary table, in multi-row inserts of one transaction, with an index after them.
//!
//! A temporary table is this session's own: it is in no binary log, on no replica, and gone with the connection,
//! however that ends. Values go as parameters. It must never write anywhere else. Tests: `segue_sim::inspect`.

use std::time::Instant;

use mysql_async::prelude::Queryable as _;
use mysql_async::{Params, Value};
use segue_engine::inspect::{Cell, Kind, Sample, Taken};
use segue_engine::{EngineError, quote};

use crate::session::{Session, in_time};

/// Parameters of one statement: the protocol has room for 65,535.
const PARAMETERS_MAX: usize = 20_000;
/// Bytes of one statement: far below the smallest `max_allowed_packet` in use.
const BYTES_MAX: u64 = 1 << 20;

fn column_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "BIGINT",
        Kind::Decimal => "DECIMAL(65,20)",
        Kind::Float => "DOUBLE",
        Kind::Boolean => "TINYINT",
        Kind::Text => "LONGTEXT",
        Kind::Bytes => "LONGBLOB",
        Kind::Date => "DATE",
        Kind::Timestamp => "DATETIME(6)",
        Kind::Uuid => "CHAR(36)",
        Kind::Json => "JSON",
    }
}

/// Writes the rows and lets the table go.
pub(super) async fn write(session: &mut Session, taken: &Taken) -> Result<Sample, EngineError> {
    let name = quote::backtick("segue_probe");
    // Names of the source may be longer than this server takes: places serve as well.
    let columns: Vec<_> = taken.columns.iter().enumerate().map(|(at, column)| format!("c{at} {}", column_type(column.kind))).collect();
    session.run(&format!("CREATE TEMPORARY TABLE {name} ({}) ENGINE=InnoDB CHARACTER SET utf8mb4", columns.join(", "))).await?;
    let begun = Instant::now();
    session.run("START TRANSACTION").await?;
    let mut at = 0;
    while at < taken.rows.len() {
        let end = end_of_batch(taken, at);
        let row = format!("({})", vec!["?"; taken.columns.len()].join(","));
        let sql = format!("INSERT INTO {name} VALUES {}", vec![row.as_str(); end - at].join(","));
        let values = taken.rows[at..end].iter().flatten().map(value).collect();
        in_time(session.conn.exec_drop(sql, Params::Positional(values))).await?;
        at = end;
    }
    session.run("COMMIT").await?;
    let micros = begun.elapsed().as_micros() as u64;
    let mut index_micros = None;
    if let Some(at) = taken.indexed() {
        let begun = Instant::now();
        session.run(&format!("CREATE INDEX segue_probe_index ON {name} (c{at})")).await?;
        index_micros = Some(begun.elapsed().as_micros() as u64);
    }
    session.run(&format!("DROP TEMPORARY TABLE {name}")).await?;
    let without = "written to a temporary table: without indexes, redo log and binary log".to_owned();
    Ok(Sample { rows: taken.sample.rows, bytes: taken.sample.bytes, micros, index_micros, without })
}

fn end_of_batch(taken: &Taken, at: usize) -> usize {
    let rows_max = (PARAMETERS_MAX / taken.columns.len().max(1)).max(1);
    let mut bytes = 0;
    let fits = taken.rows[at..].iter().take(rows_max).take_while(|row| {
        bytes += row.iter().map(Cell::size).sum::<u64>();
        bytes <= BYTES_MAX
    });
    at + fits.count().max(1)
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::NULL,
        Cell::Text(text) => Value::Bytes(text.clone().into_bytes()),
        Cell::Bytes(bytes) => Value::Bytes(bytes.clone()),
    }
}

#[cfg(test)]
mod tests {
    use segue_engine::inspect::{Bound, SampleColumn};

    use super::*;

    #[test]
    fn a_batch_is_bounded_by_rows_and_bytes_and_never_empty() {
        let column = |n: usize| SampleColumn { name: format!("c{n}"), kind: Kind::Text };
        let mut taken = Taken { columns: (0..10).map(column).collect(), ..Taken::default() };
        let bound = Bound { max_rows: 1 << 20, max_bytes: u64::MAX };
        for _ in 0..2500 {
            taken.push(vec![Cell::Null; 10], bound);
        }
        assert_eq!(end_of_batch(&taken, 0), 2000);
        assert_eq!(end_of_batch(&taken, 2000), 2500);
        let mut row = vec![Cell::Null; 10];
        row[0] = Cell::Text("x".repeat(2 << 20));
        taken.push(row, bound);
        assert_eq!(end_of_batch(&taken, 2499), 2500);
        assert_eq!(end_of_batch(&taken, 2500), 2501, "one that is larger goes alone");
    }
}
