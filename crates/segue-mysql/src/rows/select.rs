//! The statements of a reader: what is read, from where, which rows, in which order.
//!
//! Names go through `quote::backtick`, values are parameters; expressions and conditions of the user stand in
//! parentheses of their own, each ended by a line break, so that a comment in them ends there. Tests: below, and
//! `tests/it/stream.rs`.

use segue_engine::rows::{Class, Read, ReadColumn};
use segue_engine::{EngineError, ErrorKind, quote};

use super::condition::{self, Operand, Piece};
use super::describe::Described;
use super::native::{Charset, Form};

/// The rows of a read.
pub(crate) fn rows(read: &Read, table: &Described) -> Result<Piece, EngineError> {
    let mut columns = read.columns.iter().map(|column| expression(column, table)).collect::<Result<Vec<_>, _>>()?;
    if columns.is_empty() {
        columns.push("1".to_owned());
    }
    let mut out = condition(read, table)?;
    out.sql = format!("SELECT {} FROM {}{}", columns.join(", "), place(read, table), out.sql);
    if read.ordered && !read.key.is_empty() {
        let order = operands(read, table)?.iter().map(order).collect::<Vec<_>>();
        out.sql = format!("{} ORDER BY {}", out.sql, order.join(", "));
    }
    Ok(out)
}

/// How many rows a read has.
pub(crate) fn count(read: &Read, table: &Described) -> Result<Piece, EngineError> {
    let mut out = condition(read, table)?;
    out.sql = format!("SELECT COUNT(*) FROM {}{}", place(read, table), out.sql);
    Ok(out)
}

/// The table. A range of its primary key is read by it, whatever the server thinks of other ways.
pub(super) fn place(read: &Read, table: &Described) -> String {
    let name = quote::backtick_table(&table.rows.table);
    let first = read.key.first().and_then(|at| read.columns.get(*at));
    let clustered = table.rows.ranges_are_cheap && table.rows.key.as_ref().and_then(|key| key.first()) == first.map(|first| &first.name);
    let plain = first.is_some_and(|first| first.expression.is_none());
    if read.range.is_some() && clustered && plain { format!("{name} FORCE INDEX (PRIMARY)") } else { name }
}

/// ` WHERE …`, or nothing.
pub(super) fn condition(read: &Read, table: &Described) -> Result<Piece, EngineError> {
    let operands = operands(read, table)?;
    let mut pieces = Vec::new();
    if let Some(range) = &read.range {
        let first = operands.first().ok_or_else(|| missing("a key to have ranges of"))?;
        let found = condition::of_range(first, range).ok_or_else(|| {
            EngineError::new("SG-MY-020", ErrorKind::Unsupported, format!("a key of the class `{}` has no ranges", first.class))
        })?;
        pieces.extend(found);
    }
    if let Some(filter) = &read.filter {
        pieces.push(Piece { sql: format!("({filter}\n)"), parameters: Vec::new() });
    }
    if let Some(keys) = &read.only {
        pieces.extend(condition::of_keys(&operands, keys));
    }
    let mut out = Piece::default();
    for (at, piece) in pieces.into_iter().enumerate() {
        out.sql = format!("{}{}{}", out.sql, if at == 0 { " WHERE " } else { " AND " }, piece.sql);
        out.parameters.extend(piece.parameters);
    }
    Ok(out)
}

/// The key's columns.
pub(super) fn operands(read: &Read, table: &Described) -> Result<Vec<Operand>, EngineError> {
    read.key
        .iter()
        .map(|at| {
            let column = read.columns.get(*at).ok_or_else(|| missing("a column of the key"))?;
            let form = form(column, table)?.cloned();
            Ok(Operand { sql: bare(column), form, class: column.class.clone() })
        })
        .collect()
}

/// The form of a column; `None` for an expression.
pub(super) fn form<'a>(column: &ReadColumn, table: &'a Described) -> Result<Option<&'a Form>, EngineError> {
    if column.expression.is_some() {
        return Ok(None);
    }
    let (seen, native) = table.column(&column.name).ok_or_else(|| missing(&format!("column {}", quote::backtick(&column.name))))?;
    match &seen.unreadable {
        Some(why) => Err(EngineError::new("SG-MY-020", ErrorKind::Unsupported, format!("column {} cannot be read: {why}", seen.name))),
        None => Ok(Some(&native.form)),
    }
}

fn bare(column: &ReadColumn) -> String {
    column.expression.as_ref().map_or_else(|| quote::backtick(&column.name), |expression| format!("({expression}\n)"))
}

/// What is read for a column. Text of a character set that does not convert without loss comes as the bytes that it is
/// wherever the way back gives other ones: two texts must not become one by question marks.
fn expression(column: &ReadColumn, table: &Described) -> Result<String, EngineError> {
    let name = bare(column);
    Ok(match form(column, table)? {
        Some(Form::Text(charset)) => faithful(name, charset),
        // Both are sent as the empty text: the digit says which.
        Some(Form::Labels { charset, .. }) => format!("CONCAT(IF({name} + 0 = 0, '0', '1'), {})", faithful(name.clone(), charset)),
        _ => name,
    })
}

fn faithful(name: String, charset: &Charset) -> String {
    if charset.converts_faithfully() || !is_word(&charset.name) {
        return name;
    }
    let forth = format!("CONVERT({name} USING utf8mb4)");
    let back = format!("CAST(CONVERT({forth} USING {}) AS BINARY)", charset.name);
    format!("IF({back} = CAST({name} AS BINARY), {forth}, CAST({name} AS BINARY))")
}

/// A name that the server gave, on its way into SQL without quotation marks.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The order in which the key's bytes ascend. NULLs come first of themselves.
fn order(operand: &Operand) -> String {
    let sql = &operand.sql;
    let text = |inner: String| format!("CAST({inner} AS BINARY)");
    match (&operand.class, operand.form.as_ref()) {
        (Class::Uuid, Some(Form::Uuid)) => text(format!("CAST({sql} AS CHAR(36))")),
        (Class::Uuid, Some(Form::Text(_))) => text(format!("LOWER(REPLACE(CONVERT({sql} USING utf8mb4), '-', ''))")),
        // What is no label comes behind all of them.
        (_, Some(Form::Labels { .. })) => format!("({sql} + 0 = 0), {}", text(format!("CONVERT({sql} USING utf8mb4)"))),
        (_, Some(Form::Text(charset))) if charset.compares_bytes() => sql.clone(),
        (Class::TextPadded, Some(Form::Text(_)) | None) => text(format!("RTRIM(CONVERT({sql} USING utf8mb4))")),
        (_, Some(Form::Text(_))) | (Class::Text, None) => text(format!("CONVERT({sql} USING utf8mb4)")),
        _ => sql.clone(),
    }
}

fn missing(what: &str) -> EngineError {
    EngineError::new("SG-MY-013", ErrorKind::Object, format!("{what} is not there"))
}

#[cfg(test)]
mod tests {
    use segue_engine::rows::{Datum, KeyRange, TableRows};
    use segue_model::ident::TableName;

    use super::super::native::Native;
    use super::*;

    fn table(charset: &str) -> Described {
        let charset = Charset { name: charset.to_owned(), collation: format!("{charset}_bin") };
        let native = Native { form: Form::Text(charset), class: Class::Text, unreadable: None };
        let seen = segue_engine::rows::ColumnRows {
            name: "a`".to_owned(),
            data_type: "varchar(9)".to_owned(),
            class: Class::Text,
            nullable: true,
            generated: false,
            unreadable: None,
        };
        let rows = TableRows { table: TableName::bare("t`"), columns: vec![seen], key: None, rows: 0, bytes: 0, ranges_are_cheap: false };
        Described { rows, natives: [("a`".to_owned(), native)].into() }
    }

    fn read() -> Read {
        let column = ReadColumn { name: "a`".to_owned(), expression: None, class: Class::Text };
        Read::new(TableName::bare("t`"), vec![column], vec![0])
    }

    #[test]
    fn names_are_quoted_and_order_is_that_of_bytes() {
        let sql = rows(&read().in_order(), &table("utf8mb4")).expect("a statement").sql;
        assert_eq!(sql, "SELECT `a``` FROM `t``` ORDER BY CAST(CONVERT(`a``` USING utf8mb4) AS BINARY)");
    }

    #[test]
    fn a_character_set_that_loses_letters_gives_its_bytes() {
        let sql = rows(&read(), &table("gbk")).expect("a statement").sql;
        assert!(
            sql.starts_with("SELECT IF(CAST(CONVERT(CONVERT(`a``` USING utf8mb4) USING gbk) AS BINARY) = CAST(`a``` AS BINARY)"),
            "{sql}"
        );
        let hostile = rows(&read(), &table("gbk); drop")).expect("a statement").sql;
        assert!(!hostile.contains("drop"), "a character set's name is a word: {hostile}");
    }

    #[test]
    fn a_range_without_a_key_is_refused() {
        let mut read = read().within(KeyRange { from: Some(Datum::Integer(1)), below: None });
        assert_eq!(rows(&read, &table("utf8mb4")).expect_err("text has no ranges").code, "SG-MY-020");
        read.key.clear();
        assert_eq!(rows(&read, &table("utf8mb4")).expect_err("no key").code, "SG-MY-013", "else each range would have all rows");
    }
}
