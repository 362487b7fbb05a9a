//! Plain statements for what a person must do. Tests: `tests/it/sql/steps.rs`.

use segue_model::catalog::{Column, Table};
use segue_model::ident::TableName;

use super::super::Dialect;

/// A name in quotes.
pub(crate) fn quoted(name: &str, dialect: Dialect) -> String {
    let quote = if dialect == Dialect::Mysql { '`' } else { '"' };
    let doubled: String = name.chars().flat_map(|c| std::iter::repeat_n(c, if c == quote { 2 } else { 1 })).collect();
    format!("{quote}{doubled}{quote}")
}

pub(crate) fn table(name: &TableName, dialect: Dialect) -> String {
    if name.schema.is_empty() {
        quoted(&name.name, dialect)
    } else {
        format!("{}.{}", quoted(&name.schema, dialect), quoted(&name.name, dialect))
    }
}

pub(crate) fn columns(names: &[String], dialect: Dialect) -> String {
    names.iter().map(|name| quoted(name, dialect)).collect::<Vec<_>>().join(", ")
}

/// A column as CREATE TABLE has it.
pub(crate) fn column(column: &Column, dialect: Dialect) -> String {
    let mut text = format!("{} {}", quoted(&column.name, dialect), column.data_type);
    if let Some(expression) = &column.generated {
        text.push_str(&format!(" GENERATED ALWAYS AS ({expression}) STORED"));
    }
    if !column.nullable {
        text.push_str(" NOT NULL");
    }
    if let Some(default) = &column.default {
        text.push_str(&format!(" DEFAULT {default}"));
    }
    match (column.identity.as_deref(), dialect) {
        (Some(_), Dialect::Mysql) => text.push_str(" AUTO_INCREMENT"),
        (Some(kind @ ("always" | "by default")), Dialect::Postgres) => {
            text.push_str(&format!(" GENERATED {} AS IDENTITY", kind.to_uppercase()));
        }
        _ => {}
    }
    text
}

/// `ALTER TABLE t …`; none where SQLite has no such form and the table is built anew.
pub(crate) fn alter(on: &Table, action: &str, dialect: Dialect) -> Option<String> {
    let built_anew = dialect == Dialect::Sqlite && !["ADD COLUMN", "RENAME", "DROP COLUMN"].iter().any(|word| action.starts_with(word));
    (!built_anew).then(|| format!("ALTER TABLE {} {action};", table(&on.name, dialect)))
}
