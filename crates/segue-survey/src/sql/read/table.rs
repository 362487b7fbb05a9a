//! CREATE TABLE of three dialects. Tests: `tests/it/tables.rs` (148 real ones), `tests/it/dump.rs`.

use super::super::dialect::Dialect;
use super::super::schema::Table;
use super::super::tokens::{Cursor, Kind, Token, by_commas, normal};
use super::{Reader, column, constraint};

/// Reads behind the word TABLE; `before` are the words between CREATE and TABLE.
pub(super) fn read(reader: &mut Reader, mut cursor: Cursor<'_, '_>, before: &[String]) -> bool {
    let dialect = reader.dialect();
    cursor.words(&["if", "not", "exists"]);
    let line = cursor.line();
    let Some((schema, name)) = cursor.name() else { return false };
    let mut table = Table { schema, name, line, ..Table::default() };
    for word in before {
        let option = match word.as_str() {
            "temp" | "temporary" => "temporary",
            "unlogged" => "unlogged",
            "foreign" => "foreign",
            "virtual" => "virtual",
            _ => continue,
        };
        table.options.insert(option.to_owned(), String::new());
    }
    if cursor.words(&["partition", "of"]) {
        let parent = cursor.name().map(|(_, name)| name).unwrap_or_default();
        table.options.insert("partition of".to_owned(), parent);
    } else if cursor.words(&["of"]) {
        table.options.insert("of type".to_owned(), cursor.name().map(|(_, name)| name).unwrap_or_default());
    } else if cursor.words(&["like"]) {
        table.options.insert("like".to_owned(), cursor.name().map(|(_, name)| name).unwrap_or_default());
    } else if table.has("virtual") {
        cursor.words(&["using"]);
        table.options.insert("virtual".to_owned(), cursor.next().map(|t| t.text.to_lowercase()).unwrap_or_default());
    }
    if let Some(inner) = cursor.brackets() {
        if !table.has("virtual") && !elements(inner, &mut table, dialect) {
            reader.not_read(line, "more columns than any server takes; the table was not read");
        }
    } else if !table.has("like") && !table.has("partition of") && !table.has("of type") && !table.has("virtual") && !cursor.sees("as") {
        reader.not_read(line, "a table without columns");
    }
    options(cursor, &mut table);
    reader.add_table(table);
    true
}

/// More columns and keys than this are no table of anybody: SQLite takes 32,767 columns at most, the others fewer.
const ELEMENTS_MAX: usize = 33_000;

/// Columns first, so that keys find them; false when there are too many.
fn elements(inner: &[Token<'_>], table: &mut Table, dialect: Dialect) -> bool {
    let parts = by_commas(inner);
    if parts.len() > ELEMENTS_MAX {
        return false;
    }
    let (constraints, columns): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| constraint::is_one(part, dialect));
    for part in columns {
        column::read(part, table, dialect);
    }
    for part in constraints {
        constraint::read(part, table);
    }
    let [only] = table.primary.as_slice() else { return true };
    if dialect == Dialect::Sqlite
        && let Some(column) = table.columns.iter_mut().find(|c| c.name == *only && c.base == "integer")
    {
        column.identity = Some("rowid".to_owned());
    }
    true
}

/// What stands behind the columns.
fn options(mut cursor: Cursor<'_, '_>, table: &mut Table) {
    let mut set = |name: &str, value: String| {
        table.options.insert(name.to_owned(), value);
    };
    while let Some(token) = cursor.peek() {
        if cursor.words(&["partition", "by"]) {
            partition(cursor, &mut set);
            return;
        } else if cursor.words(&["with", "system", "versioning"]) {
            set("system versioning", String::new());
        } else if cursor.words(&["without", "rowid"]) {
            set("without rowid", String::new());
        } else if cursor.words(&["inherits"]) {
            let parents = constraint::names(cursor.brackets().unwrap_or_default());
            set("inherits", parents.join(","));
        } else if cursor.words(&["default", "charset"])
            || cursor.words(&["charset"])
            || cursor.words(&["default", "character", "set"])
            || cursor.words(&["character", "set"])
        {
            set("charset", value(&mut cursor).to_lowercase());
        } else if cursor.words(&["connection"]) || cursor.words(&["password"]) {
            // The value may hold a password: it is passed over.
            value(&mut cursor);
            set("connection", String::new());
        } else if cursor.words(&["comment"]) {
            value(&mut cursor);
            set("comment", String::new());
        } else if cursor.words(&["as"]) || cursor.words(&["select"]) {
            set("as select", String::new());
            return;
        } else if cursor.words(&["for", "values"]) || cursor.words(&["on", "commit"]) {
            while cursor.peek().is_some_and(|t| !t.is("partition")) {
                cursor.next();
            }
        } else if token.kind == Kind::Word {
            let name = token.text.to_lowercase();
            cursor.next();
            let equals = cursor.sees_sign("=");
            if name == "default" {
                continue;
            }
            let text = if equals || ["engine", "tablespace", "using", "server", "row_format"].contains(&name.as_str()) {
                value(&mut cursor)
            } else {
                String::new()
            };
            cursor.brackets();
            set(&name, text);
        } else {
            cursor.next();
        }
    }
}

fn value(cursor: &mut Cursor<'_, '_>) -> String {
    cursor.sign("=");
    if cursor.sees_sign("(") {
        cursor.brackets();
        return String::new();
    }
    cursor.next().map(Token::bare).unwrap_or_default()
}

fn partition(mut cursor: Cursor<'_, '_>, set: &mut impl FnMut(&str, String)) {
    let linear = cursor.words(&["linear"]);
    let method = cursor.next().map(|t| t.text.to_lowercase()).unwrap_or_default();
    cursor.words(&["columns"]);
    let key = normal(cursor.brackets().unwrap_or_default());
    set("partition by", if linear { format!("linear {method}") } else { method });
    set("partition key", key.trim().to_owned());
    let rest = normal(cursor.rest());
    if rest.contains(" subpartition by ") {
        set("subpartition by", String::new());
    }
    let count = rest.matches(" partition ").count();
    if count > 0 {
        set("partitions", count.to_string());
    }
}
