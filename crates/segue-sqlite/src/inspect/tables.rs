//! Tables with their rows and sizes.
//!
//! Tests: `tests/it/inspect.rs`.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _};
use segue_engine::inspect::{Collect, notice};
use segue_engine::{EngineError, quote};
use segue_model::assessment::{SystemSeen, TableSeen};
use segue_model::catalog::Table;
use segue_model::finding::Finding;

use super::DOING;
use crate::catalog;
use crate::error::Doing;

/// Rows up to this number are counted; beyond it a table's highest row id is the estimate.
const COUNTED_ROWS_MAX: u64 = 1_000_000;
/// A look at the size of each table reads the whole file.
const READ_BYTES_MAX: u64 = 1 << 30;

/// Where the compiled library has it.
const SIZES: &str = "SELECT name, sum(pgsize) FROM dbstat WHERE aggregate = TRUE GROUP BY name";

pub(super) fn see(
    connection: &Connection,
    system: &mut SystemSeen,
    findings: &mut Vec<Finding>,
    collect: &mut Collect,
) -> Result<(), EngineError> {
    let catalog = catalog::read(connection, &catalog::tables(connection)?)?;
    let sizes = if system.bytes.is_some_and(|bytes| bytes <= READ_BYTES_MAX) {
        collect.take("the size of each table", sizes(connection))?
    } else {
        collect.say("the size of each table: the file is too large to be read for it");
        None
    };
    for table in &catalog.tables {
        let (rows, estimated) = match collect.take(&format!("the rows of {}", table.name), rows(connection, table))? {
            Some((rows, estimated)) => (Some(rows), estimated),
            None => (None, false),
        };
        let bytes = |name: &str| sizes.as_ref().map(|sizes| sizes.get(name).copied().unwrap_or_default());
        // The table is its own key's tree: no index of it has pages of its own.
        let index_bytes = table.indexes.iter().map(|index| bytes(&index.name)).sum();
        let seen = TableSeen {
            name: table.name.to_string(),
            rows,
            rows_estimated: estimated,
            bytes: bytes(&table.name.name),
            index_bytes,
            columns: u32::try_from(table.columns.len()).unwrap_or(u32::MAX),
            indexes: u32::try_from(table.indexes.len()).unwrap_or(u32::MAX),
            keyed: table.walk_key().is_some(),
            writes_per_hour: None,
            usage: String::new(),
        };
        if !seen.keyed {
            findings.push(notice::no_key(&seen.name));
        }
        system.tables.push(seen);
    }
    near_maximum(connection, findings)
}

fn sizes(connection: &Connection) -> Result<BTreeMap<String, u64>, EngineError> {
    let mut statement = connection.prepare(SIZES).doing(DOING)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, positive(row.get(1)?)))).doing(DOING)?;
    rows.collect::<rusqlite::Result<_>>().doing(DOING)
}

fn positive(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// The rows, and whether their number is an estimate.
fn rows(connection: &Connection, table: &Table) -> Result<(u64, bool), EngineError> {
    let name = quote::table(&table.name);
    let bounded = format!("SELECT count(*) FROM (SELECT 1 FROM {name} LIMIT {})", COUNTED_ROWS_MAX + 1);
    let counted = connection.query_row(&bounded, [], |row| row.get(0).map(positive)).doing(DOING)?;
    if counted <= COUNTED_ROWS_MAX {
        return Ok((counted, false));
    }
    let column = |name: &str| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    if table.options.iter().any(|option| option == "without_rowid") || column("rowid") {
        return Ok((counted, true));
    }
    let highest: Option<i64> = connection.query_row(&format!("SELECT max(rowid) FROM {name}"), [], |row| row.get(0)).doing(DOING)?;
    Ok((highest.and_then(|id| u64::try_from(id).ok()).map_or(counted, |id| id.max(counted)), true))
}

/// `AUTOINCREMENT` keeps the highest number that was ever given, and then fails.
fn near_maximum(connection: &Connection, findings: &mut Vec<Finding>) -> Result<(), EngineError> {
    let there =
        connection.query_row("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'", [], |_| Ok(())).optional().doing(DOING)?;
    if there.is_none() {
        return Ok(());
    }
    let mut statement = connection.prepare("SELECT name, seq FROM sqlite_sequence").doing(DOING)?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))).doing(DOING)?;
    for row in rows {
        let (name, last) = row.doing(DOING)?;
        let percent = u64::try_from(i128::from(last) * 100 / i128::from(i64::MAX)).unwrap_or_default();
        if percent >= 70 {
            findings.push(notice::near_maximum(&format!("table {name}"), percent));
        }
    }
    Ok(())
}
