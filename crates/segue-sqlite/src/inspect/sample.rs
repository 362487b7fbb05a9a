//! A sample of rows: read from a table, or written to a temporary one.
//!
//! A column's kind is what its values are, not what it was declared: SQLite stores either. A temporary table is the
//! connection's own and in no file of the user's. It must never show a value. Tests: `segue_sim::inspect`.

use std::path::Path;
use std::time::Instant;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use segue_engine::inspect::{Bound, Cell, Kind, Sample, SampleColumn, Taken};
use segue_engine::{EngineError, ErrorKind, quote};

use crate::error::{self, Doing};
use crate::{connect, reshape};

const DOING: &str = "reading a sample";
const WRITING: &str = "writing a sample";

/// Reads until a bound is reached.
pub(super) fn read(connection: &Connection, table: &str, bound: Bound) -> Result<Taken, EngineError> {
    let Some((stored, _)) = reshape::layout::table_sql(connection, table)? else {
        return Err(EngineError::new(error::MISSING, ErrorKind::Object, format!("there is no table {table}")));
    };
    let sql = format!("SELECT * FROM {} LIMIT {}", quote::name(&stored), bound.max_rows);
    let mut statement = connection.prepare(&sql).doing(DOING)?;
    let names: Vec<String> = statement.column_names().iter().map(ToString::to_string).collect();
    let begun = Instant::now();
    let (mut rows, mut bytes) = (Vec::new(), 0);
    let mut found = statement.query([]).doing(DOING)?;
    while let Some(row) = found.next().doing(DOING)? {
        let values = (0..names.len()).map(|at| row.get::<_, Value>(at)).collect::<rusqlite::Result<Vec<_>>>().doing(DOING)?;
        bytes += values.iter().map(size).sum::<u64>();
        rows.push(values);
        if bytes >= bound.max_bytes {
            break;
        }
    }
    let micros = begun.elapsed().as_micros() as u64;
    let kinds: Vec<Kind> = (0..names.len()).map(|at| kind(rows.iter().map(|row: &Vec<Value>| &row[at]))).collect();
    let columns = names.into_iter().zip(&kinds).map(|(name, kind)| SampleColumn { name, kind: *kind }).collect();
    let mut taken = Taken { columns, ..Taken::default() };
    for row in rows {
        // The bound was kept above: this one only counts.
        taken.push(row.into_iter().zip(&kinds).map(|(value, kind)| cell(value, *kind)).collect(), bound);
    }
    taken.sample.micros = micros;
    Ok(taken)
}

fn size(value: &Value) -> u64 {
    match value {
        Value::Null => 0,
        Value::Integer(_) | Value::Real(_) => 8,
        Value::Text(text) => text.len() as u64,
        Value::Blob(bytes) => bytes.len() as u64,
    }
}

/// The narrowest kind that holds all values.
fn kind<'a>(values: impl Iterator<Item = &'a Value>) -> Kind {
    let (mut whole, mut real, mut text, mut blob) = (false, false, false, false);
    for value in values {
        match value {
            Value::Null => {}
            Value::Integer(_) => whole = true,
            Value::Real(_) => real = true,
            Value::Text(_) => text = true,
            Value::Blob(_) => blob = true,
        }
    }
    match (blob, text, real, whole) {
        (true, ..) => Kind::Bytes,
        (_, true, ..) => Kind::Text,
        (_, _, true, _) => Kind::Float,
        (_, _, _, true) => Kind::Integer,
        _ => Kind::Text,
    }
}

fn cell(value: Value, kind: Kind) -> Cell {
    let text = match value {
        Value::Null => return Cell::Null,
        Value::Blob(bytes) => return Cell::Bytes(bytes),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text,
    };
    if kind == Kind::Bytes { Cell::Bytes(text.into_bytes()) } else { Cell::Text(text) }
}

/// Writes the rows to a temporary table in one transaction, builds an index, and lets it go.
pub(super) fn write(path: &Path, taken: &Taken) -> Result<Sample, EngineError> {
    let connection = connect::writer(path)?;
    let columns: Vec<_> = (0..taken.columns.len()).map(|at| format!("c{at}")).collect();
    connection.execute_batch(&format!("CREATE TEMP TABLE segue_probe ({})", columns.join(", "))).doing(WRITING)?;
    let places = vec!["?"; columns.len()].join(", ");
    let begun = Instant::now();
    connection.execute_batch("BEGIN").doing(WRITING)?;
    let mut insert = connection.prepare(&format!("INSERT INTO temp.segue_probe VALUES ({places})")).doing(WRITING)?;
    for row in &taken.rows {
        let values = row.iter().zip(&taken.columns).map(|(cell, column)| value(cell, column.kind));
        insert.execute(params_from_iter(values)).doing(WRITING)?;
    }
    drop(insert);
    connection.execute_batch("COMMIT").doing(WRITING)?;
    let micros = begun.elapsed().as_micros() as u64;
    let mut index_micros = None;
    if let Some(at) = taken.indexed() {
        let begun = Instant::now();
        connection.execute_batch(&format!("CREATE INDEX temp.segue_probe_index ON segue_probe (c{at})")).doing(WRITING)?;
        index_micros = Some(begun.elapsed().as_micros() as u64);
    }
    let without = "written to a temporary table: without indexes, and without the file's own journal".to_owned();
    Ok(Sample { rows: taken.sample.rows, bytes: taken.sample.bytes, micros, index_micros, without })
}

fn value(cell: &Cell, kind: Kind) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Bytes(bytes) => Value::Blob(bytes.clone()),
        Cell::Text(text) => match kind {
            Kind::Integer | Kind::Boolean => text.parse().map_or_else(|_| Value::Text(text.clone()), Value::Integer),
            Kind::Float => text.parse().map_or_else(|_| Value::Text(text.clone()), Value::Real),
            _ => Value::Text(text.clone()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_what_the_values_are() {
        let (one, half, text, blob) = (Value::Integer(1), Value::Real(0.5), Value::Text("x".to_owned()), Value::Blob(vec![1]));
        let check = |values: &[&Value], expect: Kind| assert_eq!(kind(values.iter().copied()), expect, "{values:?}");
        check(&[&one, &Value::Null], Kind::Integer);
        check(&[&one, &half], Kind::Float);
        check(&[&one, &half, &text], Kind::Text);
        check(&[&text, &blob], Kind::Bytes);
        check(&[&Value::Null], Kind::Text);
        assert_eq!(cell(Value::Integer(7), Kind::Bytes), Cell::Bytes(b"7".to_vec()));
        assert_eq!(value(&Cell::Text("-7".to_owned()), Kind::Integer), Value::Integer(-7));
    }
}
