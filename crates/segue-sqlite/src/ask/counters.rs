//! Where the counters of AUTOINCREMENT tables stand. A rowid without it is always the largest and one: nothing to see.
//!
//! Tests: `segue-sim/tests/it/checks/numbers.rs`.

use rusqlite::{Connection, OptionalExtension as _};
use segue_engine::rows::Counter;
use segue_engine::{EngineError, quote};
use segue_model::ident::TableName;

use crate::error::Doing;
use crate::reshape::layout::{primary_key, table_sql};
use crate::sql::table::TableText;

const DOING: &str = "reading the counters";

/// The counters of these tables, in the order given.
pub(super) fn read(connection: &Connection, tables: &[TableName]) -> Result<Vec<Counter>, EngineError> {
    let any: bool = connection
        .query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence')", [], |row| row.get(0))
        .doing(DOING)?;
    let mut out = Vec::new();
    if !any {
        return Ok(out);
    }
    for table in tables {
        let Some((stored, text)) = table_sql(connection, &table.name)? else { continue };
        if !text.to_lowercase().contains("autoincrement") {
            continue;
        }
        let Some(column) = TableText::parse(&text).map(|text| primary_key(&text)).and_then(|key| key.into_iter().next()) else { continue };
        let last: Option<i64> =
            connection.query_row("SELECT seq FROM sqlite_sequence WHERE name = ?1", [&stored], |row| row.get(0)).optional().doing(DOING)?;
        let sql = format!("SELECT max({}) FROM {}", quote::name(&column), quote::name(&stored));
        let reached: Option<i64> = connection.query_row(&sql, [], |row| row.get(0)).doing(DOING)?;
        out.push(Counter {
            table: table.clone(),
            column,
            what: "AUTOINCREMENT".to_owned(),
            // SQLite takes the larger of the two, so that it never gives a value twice.
            next: Some(i128::from(last.unwrap_or(0).max(reached.unwrap_or(0))) + 1),
            down: false,
            reached: reached.map(i128::from),
            limit: Some(i128::from(i64::MAX)),
        });
    }
    Ok(out)
}
