//! The twelve-step rebuild of SQLite's documentation, inside a transaction of the caller: a table gets another
//! text and its rows are copied once. Row ids, AUTOINCREMENT's counter, indexes, triggers and statistics stay.
//!
//! The caller's connection has foreign keys off; what they demand is checked before commit. Tests:
//! `tests/it/journey.rs`.

use rusqlite::{Connection, OptionalExtension, params};
use segue_engine::{EngineError, ErrorKind, quote};
use segue_model::units::counted;

use super::layout::Layout;
use crate::error::{self, Doing};
use crate::schema::{self, Object};
use crate::sql::edit::Edits;
use crate::sql::table::{TableText, What};
use crate::sql::token;

/// Rebuilds the table into `target`; `held` says in which column of the table now each column's values are.
pub(crate) fn rebuild(
    connection: &Connection,
    layout: &Layout<'_>,
    target: &TableText,
    held: &dyn Fn(&str) -> String,
) -> Result<(), EngineError> {
    let table = &layout.table;
    let indexes = schema::objects(connection, "index", table)?;
    let triggers = schema::objects(connection, "trigger", table)?;
    let sequence = sequence(connection, table)?;
    let statistics = statistics(connection, table)?;
    let temporary = format!("segue_new_{}_{table}", layout.change.tag);
    let mut edits = Edits::new(target);
    edits.rename(&temporary);
    let doing = format!("rebuilding table {table}");
    schema::run(connection, &edits.text(), &doing)?;
    schema::run(connection, &copy(layout, target, &temporary, held), &doing)?;
    schema::run(connection, &format!("DROP TABLE {}", layout.quoted()), &doing)?;
    // The old way of renaming leaves views, triggers and foreign keys elsewhere as they are: they name this table.
    schema::run(connection, "PRAGMA legacy_alter_table=ON", &doing)?;
    let renamed = schema::run(connection, &format!("ALTER TABLE {} RENAME TO {}", quote::name(&temporary), layout.quoted()), &doing);
    schema::run(connection, "PRAGMA legacy_alter_table=OFF", &doing)?;
    renamed?;
    schema::write_text(connection, table, &target.sql)?;
    for index in &indexes {
        schema::run(connection, &moved(layout, index, target), &format!("making index {} again", index.name))?;
    }
    for trigger in &triggers {
        schema::run(connection, &trigger.sql, &format!("making trigger {} again", trigger.name))?;
    }
    restore(connection, table, sequence, statistics)
}

fn copy(layout: &Layout<'_>, target: &TableText, temporary: &str, held: &dyn Fn(&str) -> String) -> String {
    let stored = target.columns.iter().filter(|column| column.constraint(What::Generated).is_none());
    let (mut to, mut from): (Vec<String>, Vec<String>) = stored.map(|c| (quote::name(&c.name), quote::name(&held(&c.name)))).unzip();
    if let Some(rowid) = layout.rowid
        && !layout.before.columns.iter().any(|column| layout.is_rowid(&column.name))
    {
        to.push(rowid.to_owned());
        from.push(rowid.to_owned());
    }
    format!("INSERT INTO {} ({}) SELECT {} FROM {}", quote::name(temporary), to.join(", "), from.join(", "), layout.quoted())
}

/// An index's text over the target: a twin's name becomes the name of the column whose place it takes.
fn moved(layout: &Layout<'_>, index: &Object, target: &TableText) -> String {
    let mut out = index.sql.clone();
    let mut tokens = token::tokens(&index.sql);
    tokens.reverse();
    for token in tokens {
        let twin = layout.change.up.iter().find(|d| token.names(&d.physical));
        if let Some(segue_model::reshape::Role::Converted { original, .. }) = twin.map(|d| &d.role)
            && target.column(&token.text).is_none()
        {
            out.replace_range(token.start..token.end, &quote::name(original));
        }
    }
    out
}

fn sequence(connection: &Connection, table: &str) -> Result<Option<i64>, EngineError> {
    if !schema::taken(connection, "sqlite_sequence")? {
        return Ok(None);
    }
    connection
        .query_row("SELECT seq FROM sqlite_sequence WHERE name = ?1", [table], |row| row.get(0))
        .optional()
        .doing("reading AUTOINCREMENT's counter")
}

type Statistic = (Option<String>, Option<String>);

fn statistics(connection: &Connection, table: &str) -> Result<Vec<Statistic>, EngineError> {
    if !schema::taken(connection, "sqlite_stat1")? {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare("SELECT idx, stat FROM sqlite_stat1 WHERE tbl = ?1").doing("reading statistics")?;
    let rows = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?))).doing("reading statistics")?;
    rows.collect::<rusqlite::Result<Vec<_>>>().doing("reading statistics")
}

fn restore(connection: &Connection, table: &str, sequence: Option<i64>, statistics: Vec<Statistic>) -> Result<(), EngineError> {
    if let Some(sequence) = sequence {
        connection.execute("DELETE FROM sqlite_sequence WHERE name = ?1", [table]).doing("keeping AUTOINCREMENT's counter")?;
        connection
            .execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)", params![table, sequence])
            .doing("keeping AUTOINCREMENT's counter")?;
    }
    for (index, stat) in statistics {
        let there = match &index {
            Some(index) => schema::taken(connection, index)?,
            None => true,
        };
        if there {
            connection
                .execute("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)", params![table, index, stat])
                .doing("keeping statistics")?;
        }
    }
    Ok(())
}

/// SQLite's own checks of the table, and of the foreign keys from and to it, before commit.
pub(crate) fn check(connection: &Connection, table: &str) -> Result<(), EngineError> {
    let doing = format!("checking table {table}");
    let result: String =
        connection.query_row(&format!("PRAGMA integrity_check({})", quote::name(table)), [], |row| row.get(0)).doing(&doing)?;
    if result != "ok" {
        let text = format!("table {table} did not pass integrity_check; nothing was committed");
        return Err(EngineError::new(error::INTEGRITY, ErrorKind::Constraint, text));
    }
    let mut broken = foreign_breaks(connection, table)?;
    let mut statement = connection
        .prepare("SELECT DISTINCT s.name FROM sqlite_schema s, pragma_foreign_key_list(s.name) f WHERE s.type = 'table' AND lower(f.\"table\") = lower(?1)")
        .doing(&doing)?;
    let children = statement.query_map([table], |row| row.get::<_, String>(0)).doing(&doing)?;
    for child in children.collect::<rusqlite::Result<Vec<_>>>().doing(&doing)? {
        if !child.eq_ignore_ascii_case(table) {
            broken += foreign_breaks(connection, &child)?;
        }
    }
    if broken > 0 {
        let rows = counted(broken, "row");
        let text = format!("{rows} of or to table {table} break a foreign key; nothing was committed");
        return Err(EngineError::new(error::INTEGRITY, ErrorKind::Constraint, text));
    }
    Ok(())
}

/// Rows of a table that break one of its foreign keys.
pub(crate) fn foreign_breaks(connection: &Connection, table: &str) -> Result<u64, EngineError> {
    connection
        .query_row(&format!("SELECT count(*) FROM pragma_foreign_key_check({})", quote::text(table)), [], |row| row.get::<_, i64>(0))
        .map(i64::cast_unsigned)
        .doing(&format!("checking the foreign keys of {table}"))
}
