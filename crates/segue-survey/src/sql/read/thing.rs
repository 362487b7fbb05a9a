//! Everything that is no table: views, routines, triggers, events, types, policies, settings, other statements.
//!
//! A body is kept only in its normal form, without the texts in it. Tests: `tests/it/dump.rs`.

use super::super::schema::Thing;
use super::super::split::Statement;
use super::super::tokens::{Cursor, Kind, Token, by_commas, normal};
use super::Reader;

/// Words behind CREATE that say what is created.
pub(super) const KINDS: &[&str] = &[
    "view",
    "trigger",
    "function",
    "procedure",
    "event",
    "sequence",
    "type",
    "domain",
    "extension",
    "policy",
    "rule",
    "aggregate",
    "operator",
    "cast",
    "collation",
    "publication",
    "subscription",
    "server",
    "language",
    "statistics",
    "schema",
    "database",
    "package",
    "text",
    "user",
    "role",
    "transform",
    "conversion",
    "access",
    "foreign",
];

/// Reads what is created; the cursor stands on the word that says what.
pub(super) fn create(reader: &mut Reader, mut cursor: Cursor<'_, '_>, all: &[Token<'_>], statement: &Statement<'_>, temporary: bool) {
    let line = cursor.line();
    let words = normal(all);
    let mut kind = cursor.next().map(|t| t.text.to_lowercase()).unwrap_or_default();
    if kind == "view" && words.contains(" materialized view ") {
        "materialized view".clone_into(&mut kind);
    } else if kind == "event" && cursor.words(&["trigger"]) {
        "event trigger".clone_into(&mut kind);
    } else if kind == "text" {
        cursor.words(&["search"]);
        cursor.next();
        "text search".clone_into(&mut kind);
    } else if kind == "foreign" {
        cursor.words(&["data", "wrapper"]);
        "foreign data wrapper".clone_into(&mut kind);
    }
    cursor.words(&["body"]);
    cursor.words(&["if", "not", "exists"]);
    cursor.words(&["concurrently"]);
    let (schema, name) = cursor.name().unwrap_or_default();
    if kind == "type" {
        type_kind(cursor).clone_into(&mut kind);
    }
    if kind == "view" {
        // mysqldump makes a table in a view's place, and then the view.
        let place = (schema.clone(), name.clone());
        if reader.table(place.clone()).is_some_and(|t| t.indexes.is_empty() && t.rows.is_none()) {
            reader.drop_table(place);
        }
        let title = shown(&schema, &name);
        if !reader.views.insert(title.clone()) {
            reader.schema.things.retain(|other| !(other.kind == "view" && other.name == title));
        }
    }
    if temporary && kind.contains("view") {
        kind.insert_str(0, "temporary ");
    }
    let name = shown(&schema, &name);
    reader.schema.things.push(Thing { kind, name, line, words, length: statement.text.len() });
}

fn shown(schema: &str, name: &str) -> String {
    if schema.is_empty() || schema == "public" { name.to_owned() } else { format!("{schema}.{name}") }
}

fn type_kind(mut cursor: Cursor<'_, '_>) -> &'static str {
    if cursor.words(&["as", "enum"]) {
        "enum"
    } else if cursor.words(&["as", "range"]) {
        "range"
    } else if cursor.words(&["as"]) {
        "composite"
    } else {
        "base type"
    }
}

/// A statement that creates nothing: settings, and what is worth naming.
pub(super) fn statement(reader: &mut Reader, tokens: &[Token<'_>], statement: &Statement<'_>) {
    let mut cursor = Cursor::new(tokens);
    let line = cursor.line();
    if cursor.words(&["set"]) {
        settings(reader, cursor, line);
        return;
    }
    if cursor.words(&["drop", "table"]) || cursor.words(&["drop", "view"]) {
        cursor.words(&["if", "exists"]);
        if let Some(name) = cursor.name() {
            reader.drop_table(name);
        }
        return;
    }
    if cursor.words(&["comment", "on"]) {
        comment(reader, cursor);
        return;
    }
    if cursor.words(&["select"]) && normal(cursor.rest()).contains(" set_config ( ''") {
        return;
    }
    if let Some(name) = tokens.first().filter(|t| t.kind == Kind::Word).map(|t| t.text.to_lowercase()) {
        let words = normal(&tokens[..tokens.len().min(200)]);
        reader.schema.things.push(Thing { kind: "statement".to_owned(), name, line, words, length: statement.text.len() });
    }
}

fn settings(reader: &mut Reader, cursor: Cursor<'_, '_>, line: u32) {
    for part in by_commas(cursor.rest()) {
        let mut cursor = Cursor::new(part);
        cursor.one_of(&["session", "global", "local"]);
        let Some((before, name)) = cursor.name() else { continue };
        // `SET @OLD_SQL_MODE=@@SQL_MODE`: a variable of the script, no setting.
        if name.starts_with('@') && !name.starts_with("@@") && before.is_empty() {
            continue;
        }
        let name = name.trim_start_matches('@').to_lowercase();
        if name == "search_path" {
            cursor.next();
            let first = cursor.next().map(Token::bare).unwrap_or_default();
            reader.current = if first == "public" { String::new() } else { first };
            return;
        }
        let value: Vec<String> = cursor.rest().iter().map(Token::bare).collect();
        let words = format!(" {name} {} ", value.join(" ")).to_lowercase();
        reader.schema.things.push(Thing { kind: "setting".to_owned(), name, line, words, length: 0 });
    }
}

fn comment(reader: &mut Reader, mut cursor: Cursor<'_, '_>) {
    if cursor.words(&["table"]) {
        if let Some(table) = cursor.name().and_then(|name| reader.table(name)) {
            table.comment = true;
        }
    } else if cursor.words(&["column"]) {
        let Some((mut path, column)) = cursor.name() else { return };
        if let Some(table) = reader.table((String::new(), std::mem::take(&mut path)))
            && let Some(column) = table.columns.iter_mut().find(|c| c.name == column)
        {
            column.comment = true;
        }
    }
}
