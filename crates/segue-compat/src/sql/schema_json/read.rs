//! Tables and columns of a schema JSON. Tests: `tests/it/sql/schema_json.rs`.

use std::collections::BTreeMap;

use segue_model::catalog::{Column, Table, TableKind, View};
use segue_model::ident::TableName;

use super::super::{CatalogRead, Dialect};
use super::{Wrong, parts};
use crate::doc::{At, Value};

/// Words that only MySQL has.
const OF_MYSQL: [&str; 10] =
    ["tinyint", "mediumint", "datetime", "tinytext", "mediumtext", "longtext", "unsigned", "enum", "year", "longblob"];

/// The whole schema.
pub(super) fn schema(root: At<'_>, tables: At<'_>) -> Result<(CatalogRead, Dialect), Wrong> {
    let mut read = CatalogRead::default();
    for (name, key, value) in tables.entries() {
        read.places.insert(name.to_owned(), key);
        let table = table(name, value, &mut read)?;
        read.catalog.tables.push(table);
    }
    read.catalog.tables.sort_by(|a, b| a.name.cmp(&b.name));
    let mysql = read.catalog.tables.iter().flat_map(|table| &table.columns).any(|column| {
        let words = column.data_type.to_lowercase();
        OF_MYSQL.iter().any(|word| words.contains(word)) || words.contains("on update")
    });
    let dialect = if mysql { Dialect::Mysql } else { Dialect::Postgres };
    views(root, &mut read, dialect);
    for (key, kind) in [("procedures", "procedure"), ("functions", "function"), ("triggers", "trigger"), ("sequences", "sequence")] {
        for (name, text) in named(root.get(key)) {
            read.objects.insert(format!("{kind} {name}"), text);
        }
    }
    for (key, _, _) in root.entries() {
        let known = [
            "tables",
            "views",
            "procedures",
            "functions",
            "triggers",
            "sequences",
            "schema_version",
            "database",
            "version",
            "name",
            "description",
        ];
        if !known.contains(&key) {
            read.not_read.push(format!("the key `{}` of the schema", key.chars().take(60).collect::<String>()));
        }
    }
    parts::refer_back(&mut read.catalog);
    Ok((read, dialect))
}

fn views(root: At<'_>, read: &mut CatalogRead, dialect: Dialect) {
    let tables = std::mem::take(&mut read.catalog.tables);
    for (name, definition) in named(root.get("views")) {
        let reads = super::super::compare::reads(&definition, &tables, dialect);
        read.catalog.views.push(View { name: TableName::bare(name), definition, materialized: false, reads });
    }
    read.catalog.tables = tables;
    read.catalog.views.sort_by(|a, b| a.name.cmp(&b.name));
}

/// Names with their texts, of a map or of a list of maps with a `name`.
fn named(at: Option<At<'_>>) -> BTreeMap<String, String> {
    let Some(at) = at else { return BTreeMap::new() };
    let text = |value: At<'_>| {
        let inner = ["definition", "query", "sql", "body"].iter().find_map(|key| value.text_at(key));
        inner.or_else(|| value.text()).map_or_else(|| source(value), str::to_owned)
    };
    let of_map = at.entries().map(|(name, _, value)| (name.to_owned(), text(value)));
    let of_list = at.items().filter_map(|value| Some((value.text_at("name")?.to_owned(), text(value))));
    of_map.chain(of_list).collect()
}

/// The text of a value as the file has it.
fn source(at: At<'_>) -> String {
    at.doc().text().get(at.span().start as usize..at.span().end as usize).unwrap_or_default().to_owned()
}

fn table(name: &str, value: At<'_>, read: &mut CatalogRead) -> Result<Table, Wrong> {
    if !value.is_map() {
        return Err(Wrong::at(value, format!("a table is a map; this is {}", value.what())));
    }
    let Some(columns) = value.get("columns") else { return Err(Wrong::at(value, "a table without `columns`")) };
    if !columns.is_map() {
        return Err(Wrong::at(columns, format!("`columns` is {}; it must be a map from a column's name to the column", columns.what())));
    }
    let mut table = Table::new(TableName::bare(name), TableKind::Ordinary);
    for (column_name, key, column_value) in columns.entries() {
        read.places.insert(format!("{name}.{column_name}"), key);
        let column = column(column_name, column_value, &mut table)?;
        table.columns.push(column);
    }
    parts::keys(&mut table, value, read)?;
    for (key, _, _) in value.entries() {
        let known = [
            "columns",
            "constraints",
            "indexes",
            "primary_key",
            "unique_constraints",
            "check_constraints",
            "foreign_keys",
            "comment",
            "description",
        ];
        if !known.contains(&key) {
            read.not_read.push(format!("the key `{}` of table {name}", key.chars().take(60).collect::<String>()));
        }
    }
    Ok(table)
}

fn column(name: &str, value: At<'_>, table: &mut Table) -> Result<Column, Wrong> {
    let mut column = Column::new(name.to_owned(), String::new());
    if let Some(text) = value.text() {
        text.clone_into(&mut column.data_type);
        return Ok(column);
    }
    let Some(kind) = value.text_at("type") else { return Err(Wrong::at(value, "a column without a `type`")) };
    let number = |key: &str| value.get(key).and_then(At::number);
    let arguments = match (number("length"), number("precision"), number("scale")) {
        (Some(length), ..) => format!("({length})"),
        (_, Some(precision), Some(scale)) => format!("({precision},{scale})"),
        (_, Some(precision), None) => format!("({precision})"),
        _ => String::new(),
    };
    column.data_type = if kind.contains('(') { kind.to_owned() } else { format!("{kind}{arguments}") };
    column.nullable = value.get("nullable").or_else(|| value.get("null")).and_then(At::bool).unwrap_or(true);
    column.default = value.get("default").and_then(default);
    let yes = |key: &str| value.get(key).and_then(At::bool).unwrap_or(false);
    column.identity = (yes("auto_increment") || yes("autoincrement") || yes("identity")).then(|| "auto_increment".to_owned());
    column.comment = value.text_at("comment").or_else(|| value.text_at("description")).map(str::to_owned);
    column.collation = value.text_at("collation").map(str::to_owned);
    parts::of_column(table, name, value)?;
    Ok(column)
}

/// A default as SQL: a text that calls something stays as it is.
fn default(at: At<'_>) -> Option<String> {
    match at.value() {
        Value::Null => None,
        Value::Bool(is) => Some(is.to_string()),
        Value::Number(text) => Some(text.to_owned()),
        Value::Text(text) => {
            let code = text.contains('(') || text.to_lowercase().starts_with("current_");
            Some(if code || text.starts_with('\'') { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) })
        }
        Value::List(_) | Value::Map => Some(source(at)),
    }
}
