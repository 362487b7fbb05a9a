//! Reading a sample: rows of a table as they come, in the neutral form.
//!
//! It must never show a value; what goes wrong names columns alone. Tests: `segue_sim::inspect`.

use std::time::Instant;

use futures_util::StreamExt as _;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Row, Value};
use segue_engine::inspect::{Bound, Cell, Kind, SampleColumn, Taken};
use segue_engine::{EngineError, ErrorKind, quote};
use segue_model::ident::TableName;

use crate::session::{Session, in_time};

const COLUMNS: &str = "
SELECT COLUMN_NAME, COLUMN_TYPE, DATA_TYPE, TABLE_NAME FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION";

const WIDTH: &str = "SELECT AVG_ROW_LENGTH FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?";

/// What a column's type is in the neutral form; `None` where there is none.
fn kind(column_type: &str, data_type: &str) -> Option<Kind> {
    Some(match data_type {
        "bigint" if column_type.contains("unsigned") => Kind::Decimal,
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "year" => Kind::Integer,
        "decimal" => Kind::Decimal,
        "float" | "double" => Kind::Float,
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum" | "set" | "inet4" | "inet6" => Kind::Text,
        "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" | "bit" => Kind::Bytes,
        "date" => Kind::Date,
        "datetime" | "timestamp" => Kind::Timestamp,
        "uuid" => Kind::Uuid,
        "json" => Kind::Json,
        _ => return None,
    })
}

/// Reads until a bound is reached.
pub(super) async fn read(session: &mut Session, table: &TableName, bound: Bound) -> Result<Taken, EngineError> {
    let schema = if table.schema.is_empty() { session.database.clone() } else { table.schema.clone() };
    let mut taken = Taken::default();
    for row in session.rows(COLUMNS, (schema.clone(), table.name.clone())).await? {
        // The comparison over there does not tell `Users` from `USERS`.
        if row.text(3) != table.name {
            continue;
        }
        match kind(&row.text(1), &row.text(2).to_lowercase()) {
            Some(kind) => taken.columns.push(SampleColumn { name: row.text(0), kind }),
            None => taken.left_out.push(format!("{} {}", row.text(0), row.text(2))),
        }
    }
    if taken.columns.is_empty() && taken.left_out.is_empty() {
        return Err(EngineError::new("SG-MY-013", ErrorKind::Object, format!("there is no table {table} that the account may see")));
    }
    if taken.columns.is_empty() {
        return Ok(taken);
    }
    let columns: Vec<_> = taken.columns.iter().map(|column| quote::backtick(&column.name)).collect();
    let place = quote::backtick_table(&TableName::new(schema.clone(), table.name.clone()));
    // What is not read would still come over the line: the bound goes into the query as well as we know the rows.
    let width = session.rows(WIDTH, (schema, table.name.clone())).await?.first().and_then(|row| row.number(0)).unwrap_or_default();
    let limit = bound.max_rows.min(bound.max_bytes / width.max(1) + 1);
    let sql = format!("SELECT {} FROM {place} LIMIT {limit}", columns.join(", "));
    let begun = Instant::now();
    let mut rows = in_time(session.conn.query_stream::<Row, _>(sql)).await?;
    loop {
        let next = in_time(async { rows.next().await.transpose() }).await?;
        let Some(row) = next else { break };
        let kinds = taken.columns.iter().map(|column| column.kind);
        let cells = row.unwrap_raw().into_iter().zip(kinds).map(|(value, kind)| cell(value, kind)).collect::<Result<_, _>>()?;
        if !taken.push(cells, bound) {
            break;
        }
    }
    taken.sample.micros = begun.elapsed().as_micros() as u64;
    Ok(taken)
}

/// The text protocol gives every value as bytes.
fn cell(value: Option<Value>, kind: Kind) -> Result<Cell, EngineError> {
    match value {
        None | Some(Value::NULL) => Ok(Cell::Null),
        Some(Value::Bytes(bytes)) if kind == Kind::Bytes => Ok(Cell::Bytes(bytes)),
        Some(Value::Bytes(bytes)) => String::from_utf8(bytes)
            .map(Cell::Text)
            .map_err(|_| EngineError::new("SG-MY-012", ErrorKind::Value, "a text of the sample is not UTF-8")),
        Some(_) => Err(EngineError::new("SG-MY-017", ErrorKind::Other, "a value of the sample did not come as text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_neutral_form_is_left_out() {
        assert_eq!(kind("bigint(20) unsigned", "bigint"), Some(Kind::Decimal));
        assert_eq!(kind("bigint(20)", "bigint"), Some(Kind::Integer));
        assert_eq!(kind("enum('a')", "enum"), Some(Kind::Text));
        assert_eq!(kind("geometry", "geometry"), None);
        assert_eq!(kind("time", "time"), None);
        assert!(cell(Some(Value::Bytes(vec![0xff])), Kind::Text).is_err());
    }
}
