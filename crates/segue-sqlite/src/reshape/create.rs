//! New tables, and tables that go. Tests: `tests/it/journey.rs`.

use rusqlite::Connection;
use segue_engine::{EngineError, ErrorKind, quote};
use segue_model::change::{ColumnReference, NewColumn, ReferenceAction};
use segue_model::reshape::NewTable;

use crate::error;
use crate::schema;
use crate::sql::edit::default_text;

/// The action in SQLite's words.
pub(crate) fn action(action: ReferenceAction) -> &'static str {
    match action {
        ReferenceAction::NoAction => "NO ACTION",
        ReferenceAction::Restrict => "RESTRICT",
        ReferenceAction::Cascade => "CASCADE",
        ReferenceAction::SetNull => "SET NULL",
        ReferenceAction::SetDefault => "SET DEFAULT",
    }
}

/// Makes the table, unless it is there in just this form.
pub(crate) fn make(connection: &Connection, new: &NewTable) -> Result<(), EngineError> {
    let text = definition(new);
    match schema::text(connection, "table", &new.table.name)? {
        Some(there) if there == text => Ok(()),
        Some(_) => {
            let text = format!("there is another table {}", new.table.name);
            Err(EngineError::new(error::MISSING, ErrorKind::Object, text))
        }
        None => schema::run(connection, &text, &format!("making table {}", new.table.name)),
    }
}

/// The table is there in just this form.
pub(crate) fn there(connection: &Connection, new: &NewTable) -> Result<bool, EngineError> {
    Ok(schema::text(connection, "table", &new.table.name)?.as_deref() == Some(definition(new).as_str()))
}

fn definition(new: &NewTable) -> String {
    let define = &new.define;
    let mut parts: Vec<String> = define.columns.0.iter().map(|(name, column)| column_text(name, column)).collect();
    let list = |names: &[String]| quote::names(names.iter().map(String::as_str));
    if !define.primary_key.is_empty() {
        parts.push(format!("PRIMARY KEY ({})", list(&define.primary_key)));
    }
    parts.extend(define.unique.iter().map(|columns| format!("UNIQUE ({})", list(columns))));
    parts.extend(define.checks.iter().map(|(name, check)| format!("CONSTRAINT {} CHECK ({check}\n)", quote::name(name))));
    for key in &define.foreign_keys {
        parts.push(format!("CONSTRAINT {} FOREIGN KEY ({}) {}", quote::name(&key.name), list(&key.columns), references(&key.references)));
    }
    format!("CREATE TABLE {} ({})", quote::name(&new.table.name), parts.join(", "))
}

fn column_text(name: &str, column: &NewColumn) -> String {
    let mut text = format!("{} {}", quote::name(name), column.data_type);
    if column.primary_key {
        text.push_str(" PRIMARY KEY");
    }
    if column.null == Some(false) || (column.primary_key && column.null != Some(true)) {
        text.push_str(" NOT NULL");
    }
    if let Some(default) = &column.default {
        text.push_str(&format!(" DEFAULT {}", default_text(default)));
    }
    if column.unique {
        text.push_str(" UNIQUE");
    }
    if let Some(check) = &column.check {
        text.push_str(&format!(" CHECK ({check}\n)"));
    }
    if let Some(reference) = &column.references {
        text.push_str(&format!(" {}", references(reference)));
    }
    text
}

fn references(reference: &ColumnReference) -> String {
    let table = segue_model::ident::TableName::parse(&reference.table).map_or_else(|_| reference.table.clone(), |table| table.name);
    let columns = quote::names(reference.columns.iter().map(String::as_str));
    let mut text = format!("REFERENCES {} ({columns})", quote::name(&table));
    if let Some(on_delete) = reference.on_delete {
        text.push_str(&format!(" ON DELETE {}", action(on_delete)));
    }
    if let Some(on_update) = reference.on_update {
        text.push_str(&format!(" ON UPDATE {}", action(on_update)));
    }
    text
}
