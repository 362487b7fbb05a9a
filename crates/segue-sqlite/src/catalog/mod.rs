//! The catalog of a SQLite file: from `sqlite_schema`, the pragmas, and the text of each table.
//!
//! Read-only. Tests: `tests/it/catalog.rs`.

mod constraints;
pub(crate) mod digest;
mod views;

use rusqlite::Connection;
use segue_engine::EngineError;
use segue_model::catalog::{Catalog, Column, Index, Named, Table, TableKind};
use segue_model::ident::TableName;

use crate::error::Doing;
use crate::reshape::layout::{primary_key, table_sql};
use crate::schema;
use crate::sql::table::{TableText, What, parts};
use crate::sql::token::{closing, tokens};

pub(crate) use views::reads_of;

const DOING: &str = "reading the catalog";

/// Reads the named tables, those that exist, and what hangs on them.
pub(crate) fn read(connection: &Connection, names: &[TableName]) -> Result<Catalog, EngineError> {
    let mut catalog = Catalog::default();
    for name in names {
        if let Some((stored, sql)) = table_sql(connection, &name.name)?
            && catalog.table(&TableName::bare(stored.as_str())).is_none()
        {
            catalog.tables.push(table(connection, &stored, &sql)?);
        }
    }
    catalog.tables.sort_by(|a, b| a.name.cmp(&b.name));
    catalog.views = views::views(connection, &catalog.tables)?;
    Ok(catalog)
}

/// The users' tables, sorted.
pub(crate) fn tables(connection: &Connection) -> Result<Vec<TableName>, EngineError> {
    let all = schema::all(connection, "table")?.into_iter().map(|(_, object)| object.name);
    let ours = ["segue_control", "segue_applied", "segue_saved"];
    let mut names: Vec<TableName> = all.filter(|name| !ours.contains(&name.as_str())).map(TableName::bare).collect();
    names.sort();
    Ok(names)
}

/// The table of an index.
pub(crate) fn index_table(connection: &Connection, index: &str) -> Result<Option<TableName>, EngineError> {
    let all = schema::all(connection, "index")?;
    Ok(all.into_iter().find(|(_, object)| object.name.eq_ignore_ascii_case(index)).map(|(table, _)| TableName::bare(table)))
}

fn table(connection: &Connection, name: &str, sql: &str) -> Result<Table, EngineError> {
    let text = TableText::parse(sql);
    let mut options = Vec::new();
    if text.as_ref().is_some_and(|text| text.strict) {
        options.push("strict".to_owned());
    }
    if text.as_ref().is_some_and(|text| text.without_rowid) {
        options.push("without_rowid".to_owned());
    }
    let mut triggers: Vec<Named> = schema::objects(connection, "trigger", name)?
        .into_iter()
        .filter(|trigger| !trigger.name.starts_with(crate::control::PREFIX))
        .map(|trigger| Named { name: trigger.name, definition: trigger.sql })
        .collect();
    triggers.sort_by(|a, b| a.name.cmp(&b.name));
    let mut constraints = text.as_ref().map(constraints::read).unwrap_or_default();
    constraints.sort_by(|a, b| a.name.cmp(&b.name));
    let kind = if text.is_some() { TableKind::Ordinary } else { TableKind::Foreign };
    Ok(Table {
        columns: columns(connection, name, text.as_ref())?,
        indexes: indexes(connection, name)?,
        constraints,
        referenced_by: constraints::referenced_by(connection, name)?,
        triggers,
        options,
        ..Table::new(TableName::bare(name), kind)
    })
}

fn columns(connection: &Connection, table: &str, text: Option<&TableText>) -> Result<Vec<Column>, EngineError> {
    let mut statement =
        connection.prepare("SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?1)").doing(DOING)?;
    let key = text.map(primary_key).unwrap_or_default();
    let rows = statement
        .query_map([table], |row| {
            let (name, data_type): (String, String) = (row.get(0)?, row.get(1)?);
            let hidden: i64 = row.get(5)?;
            let written = text.and_then(|text| text.column(&name).map(|column| (text, column)));
            let part = |what: What| {
                written.and_then(|(text, column)| column.constraint(what).map(|found| text.part(&found.body).trim().to_owned()))
            };
            let alone = key.len() == 1 && key[0].eq_ignore_ascii_case(&name);
            let rowid = alone && data_type.eq_ignore_ascii_case("integer") && text.is_some_and(|text| !text.without_rowid);
            let data_type = written.map_or(data_type.clone(), |(text, column)| text.part(&column.data_type).to_owned());
            let collation = part(What::Collate).filter(|name| !name.eq_ignore_ascii_case("binary"));
            Ok(Column {
                nullable: !row.get::<_, bool>(2)? && !rowid,
                default: row.get(3)?,
                generated: if hidden > 1 { part(What::Generated).or_else(|| Some(String::new())) } else { None },
                identity: rowid.then(|| "rowid".to_owned()),
                collation,
                comment: None,
                grants: Vec::new(),
                name,
                data_type,
            })
        })
        .doing(DOING)?;
    rows.collect::<rusqlite::Result<Vec<_>>>().doing(DOING)
}

fn indexes(connection: &Connection, table: &str) -> Result<Vec<Index>, EngineError> {
    let mut statement = connection
        .prepare("SELECT l.name, l.\"unique\", l.origin, l.partial, s.sql FROM pragma_index_list(?1) l LEFT JOIN sqlite_schema s ON s.type = 'index' AND s.name = l.name ORDER BY l.name")
        .doing(DOING)?;
    let rows = statement
        .query_map([table], |row| {
            let found: (String, bool, String, bool, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
            Ok(found)
        })
        .doing(DOING)?;
    let mut out = Vec::new();
    for row in rows.collect::<rusqlite::Result<Vec<_>>>().doing(DOING)? {
        let (name, unique, origin, partial, sql) = row;
        let names = index_columns(connection, &name)?;
        let expression = names.iter().any(Option::is_none);
        let texts = sql.as_deref().map(listed).unwrap_or_default();
        let columns: Vec<String> = names
            .into_iter()
            .enumerate()
            .map(|(i, name)| name.unwrap_or_else(|| format!("({})", texts.get(i).map_or("?", String::as_str))))
            .collect();
        let definition = sql.unwrap_or_else(|| format!("UNIQUE ({})", columns.join(", ")));
        let constraint = (origin != "c").then(String::new);
        let primary = origin == "pk";
        out.push(Index {
            name,
            definition,
            columns,
            unique,
            primary,
            valid: true,
            constraint,
            partial_or_expression: partial || expression,
        });
    }
    Ok(out)
}

fn index_columns(connection: &Connection, index: &str) -> Result<Vec<Option<String>>, EngineError> {
    let mut statement = connection.prepare("SELECT name FROM pragma_index_xinfo(?1) WHERE key = 1 ORDER BY seqno").doing(DOING)?;
    let rows = statement.query_map([index], |row| row.get(0)).doing(DOING)?;
    rows.collect::<rusqlite::Result<Vec<_>>>().doing(DOING)
}

/// The parts of an index's list, as written.
fn listed(sql: &str) -> Vec<String> {
    let tokens = tokens(sql);
    let Some(open) = tokens.iter().position(|token| token.sign('(')) else { return Vec::new() };
    let Some(close) = closing(&tokens, open) else { return Vec::new() };
    parts(&sql[tokens[open].end..tokens[close].start]).into_iter().map(str::to_owned).collect()
}
