//! A table's columns, classes and key from SQLite's own schema.
//!
//! Tests: `tests/it/rows.rs`, the conformance of reading.

use rusqlite::{Connection, OptionalExtension as _};
use segue_engine::rows::{Class, ColumnRows, TableRows};
use segue_engine::{EngineError, ErrorKind, quote};
use segue_model::ident::TableName;

use super::native;
use crate::catalog;
use crate::error::{self, Doing};

const DOING: &str = "describing a table";

const COLUMNS: &str = "SELECT name, type, \"notnull\", pk, hidden FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid";
const INDEXES: &str = "SELECT name, origin FROM pragma_index_list(?1) WHERE \"unique\" = 1 AND partial = 0 ORDER BY name";
const INDEXED: &str = "SELECT name FROM pragma_index_info(?1) ORDER BY seqno";
/// Shadow tables of a virtual table are its own business.
const SHADOWS: &str = "SELECT name FROM pragma_table_list WHERE type = 'shadow' AND schema = 'main'";

struct Declared {
    name: String,
    data_type: String,
    not_null: bool,
    pk: i64,
    hidden: i64,
}

/// The users' tables, sorted.
pub(super) fn tables(connection: &Connection) -> Result<Vec<TableName>, EngineError> {
    let mut statement = connection.prepare(SHADOWS).doing(DOING)?;
    let shadows = statement.query_map([], |row| row.get::<_, String>(0)).doing(DOING)?;
    let shadows = shadows.collect::<rusqlite::Result<Vec<_>>>().doing(DOING)?;
    let mut tables = catalog::tables(connection)?;
    tables.retain(|table| !shadows.contains(&table.name));
    Ok(tables)
}

/// One table or view.
pub(super) fn describe(connection: &Connection, table: &str) -> Result<TableRows, EngineError> {
    let found: Option<(String, String, bool)> = connection
        .query_row("SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?1)", [table], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()
        .doing(DOING)?;
    let Some((name, kind, without_rowid)) = found else {
        return Err(EngineError::new(error::MISSING, ErrorKind::Object, format!("there is no table or view {table:?}")));
    };
    let columns = declared(connection, &name)?;
    let indexes = unique_indexes(connection, &name)?;
    let mut key: Vec<&Declared> = columns.iter().filter(|column| column.pk > 0).collect();
    key.sort_by_key(|column| column.pk);
    // A column that is the row id has no index of its own.
    let is_row_id = key.len() == 1 && !without_rowid && !indexes.iter().any(|(_, origin)| origin == "pk");
    let key = chosen_key(connection, &name, &key, &columns, &indexes, is_row_id || without_rowid)?;
    let rows = if kind == "view" { 0 } else { rows(connection, &name)? };
    let seen: Vec<ColumnRows> = columns.iter().map(|column| seen(column, is_row_id, without_rowid)).collect();
    let first = key.as_ref().and_then(|key| seen.iter().find(|column| column.name == key[0]));
    let in_key_order =
        (is_row_id || without_rowid) && columns.iter().any(|column| column.pk == 1 && first.is_some_and(|first| first.name == column.name));
    Ok(TableRows {
        table: TableName::bare(name),
        key,
        rows,
        bytes: bytes(connection, rows)?,
        ranges_are_cheap: in_key_order && first.is_some_and(|first| first.class == Class::Integer),
        columns: seen.clone(),
    })
}

fn seen(column: &Declared, is_row_id: bool, without_rowid: bool) -> ColumnRows {
    let in_key = column.pk > 0;
    ColumnRows {
        name: column.name.clone(),
        data_type: column.data_type.to_lowercase(),
        class: if is_row_id && in_key { Class::Integer } else { native::class(&column.data_type) },
        nullable: !(column.not_null || (in_key && (is_row_id || without_rowid))),
        generated: matches!(column.hidden, 2 | 3),
        unreadable: None,
    }
}

fn declared(connection: &Connection, table: &str) -> Result<Vec<Declared>, EngineError> {
    let mut statement = connection.prepare(COLUMNS).doing(DOING)?;
    let rows = statement
        .query_map([table], |row| {
            Ok(Declared { name: row.get(0)?, data_type: row.get(1)?, not_null: row.get(2)?, pk: row.get(3)?, hidden: row.get(4)? })
        })
        .doing(DOING)?;
    rows.collect::<rusqlite::Result<_>>().doing(DOING)
}

/// Full unique indexes with their origins.
fn unique_indexes(connection: &Connection, table: &str) -> Result<Vec<(String, String)>, EngineError> {
    let mut statement = connection.prepare(INDEXES).doing(DOING)?;
    let rows = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?))).doing(DOING)?;
    rows.collect::<rusqlite::Result<_>>().doing(DOING)
}

/// The primary key where it holds no NULL (SQLite lets most of them hold some), else a unique index without NULLs.
fn chosen_key(
    connection: &Connection,
    table: &str,
    primary: &[&Declared],
    columns: &[Declared],
    indexes: &[(String, String)],
    never_null: bool,
) -> Result<Option<Vec<String>>, EngineError> {
    if !primary.is_empty() && (never_null || primary.iter().all(|column| column.not_null) || !has_null(connection, table, primary)?) {
        return Ok(Some(primary.iter().map(|column| column.name.clone()).collect()));
    }
    for (index, _) in indexes {
        let mut statement = connection.prepare(INDEXED).doing(DOING)?;
        let names = statement.query_map([index], |row| row.get::<_, Option<String>>(0)).doing(DOING)?;
        // An expression has no name.
        let names: Option<Vec<String>> = names.collect::<rusqlite::Result<Option<Vec<_>>>>().doing(DOING)?;
        let whole = |name: &String| columns.iter().any(|column| column.name == *name && column.not_null);
        if let Some(names) = names.filter(|names| names.iter().all(whole)) {
            return Ok(Some(names));
        }
    }
    Ok(None)
}

fn has_null(connection: &Connection, table: &str, key: &[&Declared]) -> Result<bool, EngineError> {
    let null: Vec<String> = key.iter().map(|column| format!("t.{} IS NULL", quote::name(&column.name))).collect();
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {} AS t WHERE {})", quote::name(table), null.join(" OR "));
    connection.query_row(&sql, [], |row| row.get(0)).doing(DOING)
}

fn rows(connection: &Connection, table: &str) -> Result<u64, EngineError> {
    let sql = format!("SELECT count(*) FROM {}", quote::name(table));
    connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).map(|rows| u64::try_from(rows).unwrap_or(0)).doing(DOING)
}

/// SQLite keeps no sizes of tables: not more than the file, and about a hundred bytes a row.
fn bytes(connection: &Connection, rows: u64) -> Result<u64, EngineError> {
    let sql = "SELECT page_size * page_count FROM pragma_page_size, pragma_page_count";
    let file: i64 = connection.query_row(sql, [], |row| row.get(0)).doing(DOING)?;
    Ok(u64::try_from(file).unwrap_or(0).min(rows.saturating_mul(100)))
}
