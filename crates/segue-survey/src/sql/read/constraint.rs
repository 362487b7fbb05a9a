//! Constraints and keys of a table, inside its definition or added later. Tests: `tests/it/tables.rs`.

use super::super::dialect::Dialect;
use super::super::schema::{Check, ForeignKey, Index, Part, Table};
use super::super::tokens::{Cursor, Kind, Token, by_commas, normal};

/// Whether an element of a table's definition is a constraint or a key, and no column.
pub(super) fn is_one(tokens: &[Token<'_>], dialect: Dialect) -> bool {
    let Some(first) = tokens.first().filter(|t| t.kind == Kind::Word) else { return false };
    let next = tokens.get(1);
    let bracket = next.is_some_and(|t| t.is_sign("("));
    let word = |words: &[&str]| next.is_some_and(|t| words.iter().any(|w| t.is(w)));
    match first.text.to_ascii_lowercase().as_str() {
        "constraint" => true,
        "primary" | "foreign" => word(&["key"]),
        "unique" => bracket || word(&["key", "index", "nulls"]) || dialect == Dialect::Mysql,
        "check" => bracket,
        "exclude" => bracket || word(&["using"]),
        "like" => dialect == Dialect::Postgres || next.is_some_and(|t| t.kind != Kind::Sign),
        "period" => word(&["for"]),
        "vector" => dialect == Dialect::Mysql && (bracket || word(&["key", "index"])),
        // Reserved in MySQL alone.
        "fulltext" | "spatial" | "key" | "index" => dialect == Dialect::Mysql,
        _ => false,
    }
}

/// Reads one into its table.
pub(super) fn read(tokens: &[Token<'_>], table: &mut Table) {
    let mut cursor = Cursor::new(tokens);
    let line = cursor.line();
    let mut name = String::new();
    if cursor.words(&["constraint"]) && !["primary", "unique", "foreign", "check", "exclude"].iter().any(|w| cursor.sees(w)) {
        name = cursor.next().map(Token::bare).unwrap_or_default();
    }
    if cursor.words(&["foreign", "key"]) {
        cursor.words(&["if", "not", "exists"]);
        if !cursor.sees_sign("(") {
            let index = cursor.next().map(Token::bare).unwrap_or_default();
            name = if name.is_empty() { index } else { name };
        }
        let columns = names(cursor.brackets().unwrap_or_default());
        let mut key = ForeignKey { name, line, columns, ..ForeignKey::default() };
        references(&mut cursor, &mut key);
        table.foreign_keys.push(key);
    } else if cursor.words(&["check"]) {
        let expression = normal(cursor.brackets().unwrap_or_default());
        let not_enforced = normal(cursor.rest()).contains(" not enforced ");
        table.checks.push(Check { name, line, expression, not_enforced, exclusion: false });
    } else if cursor.words(&["exclude"]) {
        table.checks.push(Check { name, line, expression: normal(cursor.rest()), not_enforced: false, exclusion: true });
    } else if cursor.words(&["period", "for"]) {
        let of = cursor.next().map(|t| t.bare().to_lowercase()).unwrap_or_default();
        table.options.insert(if of == "system_time" { "system versioning" } else { "application period" }.to_owned(), String::new());
    } else if cursor.words(&["like"]) {
        table.options.insert("like".to_owned(), cursor.name().map(|(_, n)| n).unwrap_or_default());
    } else {
        index(cursor, table, name, line);
    }
}

/// `[primary|unique|fulltext|spatial|vector] key|index NAME using x (parts) options`.
fn index(mut cursor: Cursor<'_, '_>, table: &mut Table, constraint: String, line: u32) {
    let kind = cursor.one_of(&["primary", "unique", "fulltext", "spatial", "vector"]).unwrap_or_default();
    cursor.one_of(&["key", "index"]);
    cursor.words(&["if", "not", "exists"]);
    let nulls_not_distinct = cursor.words(&["nulls", "not", "distinct"]);
    cursor.words(&["nulls", "distinct"]);
    let mut index = Index { name: constraint, line, nulls_not_distinct, ..Index::default() };
    let by_index = cursor.words(&["using", "index"]);
    if !cursor.sees_sign("(") && !cursor.sees("using") {
        let name = cursor.next().map(Token::bare).unwrap_or_default();
        index.name = if index.name.is_empty() || !by_index { name } else { index.name };
    }
    if by_index {
        return;
    }
    if cursor.words(&["using"]) {
        index.method = cursor.next().map(|t| t.text.to_lowercase()).unwrap_or_default();
    }
    index.unique = matches!(kind.as_str(), "primary" | "unique");
    index.kind = if kind == "unique" { String::new() } else { kind };
    index.parts = parts(cursor.brackets().unwrap_or_default());
    tail(cursor, &mut index);
    if index.kind == "primary" {
        table.primary = index.parts.iter().map(|p| p.column.clone()).collect();
        let primary = table.primary.clone();
        table.columns.iter_mut().filter(|c| primary.contains(&c.name)).for_each(|c| c.not_null = true);
        if index.name.is_empty() {
            "PRIMARY".clone_into(&mut index.name);
        }
    }
    if index.name.is_empty() {
        index.name = index.parts.iter().map(|p| p.column.as_str()).collect::<Vec<_>>().join("_");
    }
    table.indexes.push(index);
}

/// What stands behind an index's columns.
pub(super) fn tail(mut cursor: Cursor<'_, '_>, index: &mut Index) {
    index.options = normal(cursor.rest());
    while !cursor.done() {
        if cursor.words(&["using"]) {
            index.method = cursor.next().map(|t| t.text.to_lowercase()).unwrap_or_default();
        } else if cursor.words(&["include"]) {
            index.include = true;
        } else if cursor.words(&["where"]) {
            index.predicate = true;
        } else if cursor.one_of(&["invisible", "ignored"]).is_some() {
            index.invisible = true;
        } else if cursor.words(&["nulls", "not", "distinct"]) {
            index.nulls_not_distinct = true;
        } else if cursor.brackets().is_none() {
            cursor.next();
        }
    }
}

/// The parts of an index.
pub(super) fn parts(tokens: &[Token<'_>]) -> Vec<Part> {
    by_commas(tokens).into_iter().map(part).collect()
}

fn part(tokens: &[Token<'_>]) -> Part {
    let mut cursor = Cursor::new(tokens);
    let mut part = Part::default();
    let call = matches!(tokens, [name, open, ..] if name.kind == Kind::Word && open.is_sign("("));
    let prefixed = call && matches!(tokens.get(2), Some(n) if n.kind == Kind::Number) && tokens.get(3).is_some_and(|t| t.is_sign(")"));
    if cursor.sees_sign("(") || (call && !prefixed) {
        part.expression = true;
        cursor.brackets().or_else(|| {
            cursor.next();
            cursor.brackets()
        });
    } else {
        part.column = cursor.next().map(Token::bare).unwrap_or_default();
        if let Some(inner) = cursor.brackets() {
            part.prefix = inner.first().and_then(|t| t.text.parse().ok());
        }
    }
    while let Some(token) = cursor.next() {
        match token.text.to_ascii_lowercase().as_str() {
            "desc" => part.descending = true,
            "nulls" => part.nulls = true,
            "asc" | "first" | "last" => {}
            "collate" => {
                cursor.name();
                "collate".clone_into(&mut part.opclass);
            }
            _ if matches!(token.kind, Kind::Word | Kind::Name) => part.opclass = token.bare().to_lowercase(),
            _ => {}
        }
    }
    part
}

/// The names of a list of columns.
pub(super) fn names(tokens: &[Token<'_>]) -> Vec<String> {
    by_commas(tokens).into_iter().filter_map(|part| part.first()).map(Token::bare).collect()
}

/// `references TABLE (…) match … on delete … on update … deferrable not valid`.
pub(super) fn references(cursor: &mut Cursor<'_, '_>, key: &mut ForeignKey) {
    if !cursor.words(&["references"]) {
        return;
    }
    key.table = cursor.name().map(|(_, name)| name).unwrap_or_default();
    cursor.brackets();
    loop {
        if cursor.words(&["on", "delete"]) {
            key.on_delete = action(cursor);
        } else if cursor.words(&["on", "update"]) {
            key.on_update = action(cursor);
        } else if cursor.words(&["match"]) {
            key.matching = cursor.next().map(|t| t.text.to_lowercase()).unwrap_or_default();
        } else if cursor.words(&["not", "deferrable"]) || cursor.words(&["initially", "immediate"]) {
        } else if cursor.words(&["deferrable"]) || cursor.words(&["initially", "deferred"]) {
            key.deferrable = true;
        } else if cursor.words(&["not", "valid"]) {
            key.not_valid = true;
        } else {
            return;
        }
    }
}

fn action(cursor: &mut Cursor<'_, '_>) -> String {
    let first = cursor.next().map(|t| t.text.to_lowercase()).unwrap_or_default();
    let second = if matches!(first.as_str(), "set" | "no") { cursor.next().map(|t| t.text.to_lowercase()) } else { None };
    // `set null (a)`: the columns that are set.
    cursor.brackets();
    second.map_or(first.clone(), |second| format!("{first} {second}"))
}
