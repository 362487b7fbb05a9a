//! Walking rows in key order, by the row id where there is one: never `OFFSET`, never a nullable key.
//!
//! A place is a JSON list of the key's values, each with its storage class. Tests: below and `tests/it/keys.rs`.

use rusqlite::Connection;
use rusqlite::types::Value;
use segue_engine::{EngineError, ErrorKind, Key, quote};
use serde_json::json;

use super::layout::Layout;
use crate::error::{self, Doing};

/// A range of rows: after one place, up to another.
pub(crate) struct Range {
    /// The condition, with parameters from `?1`.
    pub(crate) condition: String,
    /// Their values.
    pub(crate) values: Vec<Value>,
    /// Where it ends; `None` when no row is after it.
    pub(crate) next: Option<Key>,
    /// Rows in it.
    pub(crate) rows: u64,
}

/// The next rows after `after`, at most `limit`. `at` says where the table is: a name or an alias.
pub(crate) fn next(connection: &Connection, layout: &Layout<'_>, after: Option<&Key>, limit: u64) -> Result<Range, EngineError> {
    let walk = layout.walk();
    let list = walk.join(", ");
    let mut values = after.map(read).transpose()?.unwrap_or_default();
    if !values.is_empty() && values.len() != walk.len() {
        return Err(no_key());
    }
    let marks = |from: usize| (from..from + walk.len()).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
    let lower = if values.is_empty() { "1".to_owned() } else { format!("({list}) > ({})", marks(1)) };
    let table = layout.quoted();
    let limit = limit.max(1).min(i64::MAX as u64);
    let sql = format!("SELECT {list} FROM {table} WHERE {lower} ORDER BY {list} LIMIT 1 OFFSET {}", limit - 1);
    let doing = format!("walking table {}", layout.table);
    let mut statement = connection.prepare_cached(&sql).doing(&doing)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values.iter())).doing(&doing)?;
    let Some(row) = rows.next().doing(&doing)? else {
        let sql = format!("SELECT count(*) FROM {table} WHERE {lower}");
        let rows: i64 = connection
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.query_row(rusqlite::params_from_iter(values.iter()), |row| row.get(0)))
            .doing(&doing)?;
        return Ok(Range { condition: lower, values, next: None, rows: rows.cast_unsigned() });
    };
    let bound: Vec<Value> = (0..walk.len()).map(|i| row.get(i)).collect::<rusqlite::Result<_>>().doing(&doing)?;
    let upper = format!("({list}) <= ({})", marks(values.len() + 1));
    let next = Some(Key(serde_json::Value::Array(bound.iter().map(write).collect())));
    values.extend(bound);
    Ok(Range { condition: format!("{lower} AND {upper}"), values, next, rows: limit })
}

fn write(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Integer(n) => json!({ "i": n.to_string() }),
        Value::Real(r) => json!({ "r": format!("{:016x}", r.to_bits()) }),
        Value::Text(text) => json!({ "t": text }),
        Value::Blob(bytes) => json!({ "b": hex(bytes) }),
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn read(key: &Key) -> Result<Vec<Value>, EngineError> {
    let list = key.0.as_array().ok_or_else(no_key)?;
    list.iter().map(|part| value(part).ok_or_else(no_key)).collect()
}

fn value(part: &serde_json::Value) -> Option<Value> {
    let text = |kind: &str| part.get(kind).and_then(serde_json::Value::as_str);
    if part.is_null() {
        Some(Value::Null)
    } else if let Some(n) = text("i") {
        n.parse().ok().map(Value::Integer)
    } else if let Some(bits) = text("r") {
        u64::from_str_radix(bits, 16).ok().map(|bits| Value::Real(f64::from_bits(bits)))
    } else if let Some(hex) = text("b") {
        let byte = |at: usize| hex.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
        (0..hex.len()).step_by(2).map(byte).collect::<Option<Vec<u8>>>().map(Value::Blob)
    } else {
        text("t").map(|text| Value::Text(text.to_owned()))
    }
}

fn no_key() -> EngineError {
    EngineError::new(error::KEY, ErrorKind::Other, "the checkpoint holds no key of this table")
}

/// The columns by which a person knows a row, quoted, with their names.
pub(crate) fn shown(layout: &Layout<'_>) -> Vec<(String, String)> {
    layout
        .change
        .key
        .iter()
        .map(|name| (quote::name(name), name.clone()))
        .map(
            |(quoted, name)| {
                if layout.before.column(&name).is_some() { (quoted, name) } else { (layout.rowid.unwrap_or("rowid").to_owned(), name) }
            },
        )
        .collect()
}

/// A select-list part that shows the row's key as `id=7, b=x`.
pub(crate) fn shown_sql(layout: &Layout<'_>) -> String {
    let parts: Vec<String> = shown(layout)
        .into_iter()
        .map(|(column, name)| {
            format!(
                "{} || coalesce(CASE typeof({column}) WHEN 'blob' THEN hex({column}) ELSE {column} END, 'NULL')",
                quote::text(&format!("{name}="))
            )
        })
        .collect();
    if parts.is_empty() { "''".to_owned() } else { parts.join(" || ', ' || ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_read_back() {
        for original in
            [Value::Integer(i64::MIN), Value::Real(-0.0), Value::Text("ü'\"😀".into()), Value::Blob(vec![0, 255, 16]), Value::Null]
        {
            assert_eq!(value(&write(&original)), Some(original));
        }
        assert_eq!(value(&json!({"b": "0"})), None);
    }
}
