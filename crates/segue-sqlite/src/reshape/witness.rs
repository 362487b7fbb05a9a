//! Which rows stand in the way of what the new form demands: how many, and the keys of the first ten.
//!
//! Keys go into the help that a person reads and never into the message, which is journaled; no other value of a row
//! is read. Tests: `tests/it/constraints.rs`.

use rusqlite::Connection;
use segue_engine::{EngineError, quote};

use crate::error::Doing;

/// The most keys that are named.
const KEYS_MAX: usize = 10;

/// `the rows in the way: id=3; id=7. `, for rows of `table` that a condition holds for; empty without any.
pub(crate) fn named(connection: &Connection, table: &str, condition: &str) -> Result<String, EngineError> {
    let doing = format!("reading the keys of rows of {table}");
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk").doing(&doing)?;
    let key = statement.query_map([table], |row| row.get::<_, String>(0)).doing(&doing)?;
    let mut key = key.collect::<rusqlite::Result<Vec<_>>>().doing(&doing)?;
    if key.is_empty() {
        key.push("rowid".to_owned());
    }
    let shown: Vec<String> = key
        .iter()
        .map(|name| {
            let (column, label) = (quote::name(name), quote::text(&format!("{name}=")));
            format!("{label} || coalesce(CASE typeof({column}) WHEN 'blob' THEN hex({column}) ELSE {column} END, 'NULL')")
        })
        .collect();
    let order = quote::names(key.iter().map(String::as_str));
    let sql = format!(
        "SELECT {} FROM {} WHERE {condition} ORDER BY {order} LIMIT {}",
        shown.join(" || ', ' || "),
        quote::name(table),
        KEYS_MAX + 1
    );
    let mut statement = connection.prepare(&sql).doing(&doing)?;
    let found = statement.query_map([], |row| row.get::<_, String>(0)).doing(&doing)?;
    let mut found = found.collect::<rusqlite::Result<Vec<_>>>().doing(&doing)?;
    if found.is_empty() {
        return Ok(String::new());
    }
    let more = if found.len() > KEYS_MAX { format!(", the first {KEYS_MAX}") } else { String::new() };
    found.truncate(KEYS_MAX);
    Ok(format!("the rows in the way{more}: {}. ", found.join("; ")))
}
