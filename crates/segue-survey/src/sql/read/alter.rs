//! What is added to a table later: ALTER TABLE and CREATE INDEX. Tests: `tests/it/tables.rs`, `tests/it/dump.rs`.

use super::super::dialect::Dialect;
use super::super::schema::{Column, Index, Table};
use super::super::tokens::{Cursor, Token, by_commas, normal};
use super::{Reader, column, constraint};

/// Reads behind ALTER TABLE.
pub(super) fn read(reader: &mut Reader, mut cursor: Cursor<'_, '_>) -> bool {
    let dialect = reader.dialect();
    cursor.words(&["if", "exists"]);
    cursor.words(&["only"]);
    let Some(name) = cursor.name() else { return false };
    cursor.sign("*");
    let Some(table) = reader.table(name) else { return true };
    let mut attached = None;
    for action in by_commas(cursor.rest()) {
        let mut cursor = Cursor::new(action);
        if cursor.words(&["attach", "partition"]) {
            attached = cursor.name();
        } else {
            one(cursor, table, dialect);
        }
    }
    let parent = table.name.clone();
    if let Some(part) = attached.and_then(|name| reader.table(name)) {
        part.options.insert("partition of".to_owned(), parent);
    }
    true
}

fn one(mut cursor: Cursor<'_, '_>, table: &mut Table, dialect: Dialect) {
    if cursor.words(&["add"]) {
        let column = cursor.words(&["column"]);
        cursor.words(&["if", "not", "exists"]);
        if !column && constraint::is_one(cursor.rest(), dialect) {
            constraint::read(cursor.rest(), table);
        } else if let Some(inner) = cursor.brackets() {
            for part in by_commas(inner) {
                column::read(part, table, dialect);
            }
        } else {
            column::read(cursor.rest(), table, dialect);
        }
    } else if cursor.words(&["modify"]) {
        cursor.words(&["column"]);
        column::read(cursor.rest(), table, dialect);
    } else if cursor.words(&["change"]) {
        cursor.words(&["column"]);
        let old = cursor.next().map(Token::bare).unwrap_or_default();
        table.columns.retain(|c| c.name != old);
        column::read(cursor.rest(), table, dialect);
    } else if cursor.words(&["alter"]) {
        cursor.words(&["column"]);
        let name = cursor.next().map(Token::bare).unwrap_or_default();
        if let Some(column) = table.columns.iter_mut().find(|c| c.name == name) {
            alter_column(cursor, column);
        }
    } else {
        let words = normal(cursor.rest());
        let first = words.split_whitespace().next().unwrap_or_default();
        let option = match first {
            "enable" | "force" if words.contains(" row level security ") => "row security",
            "replica" => "replica identity",
            "partition" => "partition by",
            "inherit" => "inherits",
            "auto_increment" => "auto_increment",
            _ => return,
        };
        table.options.insert(option.to_owned(), words.split_whitespace().nth(2).unwrap_or_default().to_owned());
    }
}

fn alter_column(mut cursor: Cursor<'_, '_>, column: &mut Column) {
    if cursor.words(&["set", "default"]) {
        let text = normal(column::expression(&mut cursor));
        if text.contains("nextval (") {
            column.identity = Some("serial".to_owned());
        }
        column.default = Some(text);
    } else if cursor.words(&["set", "not", "null"]) {
        column.not_null = true;
    } else if cursor.words(&["add", "generated"]) {
        column.identity = Some(if cursor.words(&["always"]) { "always" } else { "by default" }.to_owned());
    } else if cursor.words(&["type"]) || cursor.words(&["set", "data", "type"]) {
        column.args.clear();
        column::data_type(&mut cursor, column);
    }
}

/// Reads `create [unique|fulltext|spatial|vector] index … on TABLE (…)`, from behind CREATE.
pub(super) fn create_index(reader: &mut Reader, mut cursor: Cursor<'_, '_>) -> bool {
    let line = cursor.line();
    let mut index = Index { line, ..Index::default() };
    cursor.words(&["or", "replace"]);
    while let Some(word) = cursor.one_of(&["unique", "fulltext", "spatial", "vector"]) {
        if word == "unique" {
            index.unique = true;
        } else {
            index.kind = word;
        }
    }
    if !cursor.words(&["index"]) {
        return false;
    }
    cursor.words(&["concurrently"]);
    cursor.words(&["if", "not", "exists"]);
    if !cursor.sees("on") {
        index.name = cursor.name().map(|(_, name)| name).unwrap_or_default();
    }
    if cursor.words(&["using"]) {
        index.method = cursor.next().map(|t| t.text.to_lowercase()).unwrap_or_default();
    }
    let Some(name) = on_table(&mut cursor, &mut index) else { return false };
    match reader.table(name) {
        Some(table) => table.indexes.push(index),
        None => reader.not_read(line, "an index on a table that is not in the file"),
    }
    true
}

/// Reads `on [only] TABLE [using method] (parts) options`.
pub(super) fn on_table(cursor: &mut Cursor<'_, '_>, index: &mut Index) -> Option<(String, String)> {
    cursor.words(&["on"]);
    cursor.words(&["only"]);
    let name = cursor.name()?;
    if cursor.words(&["using"]) {
        index.method = cursor.next().map(|t| t.text.to_lowercase()).unwrap_or_default();
    }
    index.parts = constraint::parts(cursor.brackets().unwrap_or_default());
    constraint::tail(*cursor, index);
    Some(name)
}
