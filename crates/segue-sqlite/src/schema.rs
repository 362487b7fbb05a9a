//! Objects of the schema: finding them, dropping them, and writing a table's text anew.
//!
//! A text is written by the procedure of SQLite's own documentation (ALTER TABLE, 7): `writable_schema`, then a new
//! schema version, so that every connection reads the schema again. Only changes that leave the stored rows as they
//! are come here: NOT NULL, defaults, checks, foreign keys, spelling. Tests: `tests/it/`.

use rusqlite::{Connection, OptionalExtension, params};
use segue_engine::{EngineError, quote};

use crate::error::Doing;

/// An object of `sqlite_schema` with a text of its own.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) name: String,
    pub(crate) sql: String,
}

/// The indexes (or triggers, or views) of a table, in the order in which they were made.
pub(crate) fn objects(connection: &Connection, kind: &str, table: &str) -> Result<Vec<Object>, EngineError> {
    let sql = "SELECT name, sql FROM sqlite_schema WHERE type = ?1 AND lower(tbl_name) = lower(?2) AND sql IS NOT NULL ORDER BY rowid";
    let mut statement = connection.prepare(sql).doing("reading the schema")?;
    let rows = statement.query_map([kind, table], |row| Ok(Object { name: row.get(0)?, sql: row.get(1)? })).doing("reading the schema")?;
    rows.collect::<rusqlite::Result<Vec<_>>>().doing("reading the schema")
}

/// All objects of a kind.
pub(crate) fn all(connection: &Connection, kind: &str) -> Result<Vec<(String, Object)>, EngineError> {
    let sql = "SELECT tbl_name, name, sql FROM sqlite_schema WHERE type = ?1 AND sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid";
    let mut statement = connection.prepare(sql).doing("reading the schema")?;
    let rows =
        statement.query_map([kind], |row| Ok((row.get(0)?, Object { name: row.get(1)?, sql: row.get(2)? }))).doing("reading the schema")?;
    rows.collect::<rusqlite::Result<Vec<_>>>().doing("reading the schema")
}

/// The text of an object.
pub(crate) fn text(connection: &Connection, kind: &str, name: &str) -> Result<Option<String>, EngineError> {
    connection
        .query_row("SELECT sql FROM sqlite_schema WHERE type = ?1 AND lower(name) = lower(?2)", [kind, name], |row| row.get(0))
        .optional()
        .map(Option::flatten)
        .doing("reading the schema")
}

/// There is something of that name.
pub(crate) fn taken(connection: &Connection, name: &str) -> Result<bool, EngineError> {
    connection
        .query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE lower(name) = lower(?1))", [name], |row| row.get(0))
        .doing("reading the schema")
}

/// Drops an object if it is there.
pub(crate) fn drop(connection: &Connection, kind: &str, name: &str) -> Result<(), EngineError> {
    let word = match kind {
        "trigger" => "TRIGGER",
        "view" => "VIEW",
        "index" => "INDEX",
        _ => "TABLE",
    };
    run(connection, &format!("DROP {word} IF EXISTS {}", quote::name(name)), "dropping an object")
}

/// Runs a statement of ours that gives no rows.
pub(crate) fn run(connection: &Connection, sql: &str, doing: &str) -> Result<(), EngineError> {
    connection.execute_batch(sql).doing(doing)
}

/// Writes a table's text anew. The stored rows must be as the new text says.
pub(crate) fn write_text(connection: &Connection, table: &str, sql: &str) -> Result<(), EngineError> {
    let what = "writing the table's definition";
    if text(connection, "table", table)?.as_deref() == Some(sql) {
        return Ok(());
    }
    let version: i64 = connection.query_row("PRAGMA schema_version", [], |row| row.get(0)).doing(what)?;
    run(connection, "PRAGMA writable_schema=ON", what)?;
    let written = connection.execute("UPDATE sqlite_schema SET sql = ?1 WHERE type = 'table' AND name = ?2", params![sql, table]);
    let versioned = connection.pragma_update(None, "schema_version", version.wrapping_add(1));
    // Whatever happened, the connection must not stay able to write the schema by hand.
    run(connection, "PRAGMA writable_schema=RESET", what)?;
    written.doing(what)?;
    versioned.doing(what)
}
