//! INSERT, REPLACE and COPY: counted in rows and bytes, and never kept.
//!
//! The only thing that is looked for in the data is a date of zeros. Tests: below, `tests/it/dump.rs`.

use super::super::dialect::Dialect;
use super::super::scan::{self, Piece};
use super::super::split::Statement;
use super::super::tokens::{Cursor, tokens};
use super::{Reader, begins};

/// How much of a statement is looked at for the table's name.
const HEAD: usize = 1_024;

/// Counts a statement of data; false when it is something else.
pub(super) fn read(reader: &mut Reader, statement: &Statement<'_>) -> bool {
    let inserts = begins(statement, "insert") || begins(statement, "replace");
    let dialect = reader.dialect();
    let mut end = statement.text.len().min(HEAD);
    while !statement.text.is_char_boundary(end) {
        end -= 1;
    }
    if let Some((rows, bytes)) = statement.copied {
        let (head, _) = tokens(&statement.text[..end], statement.line, dialect);
        let mut cursor = Cursor::new(&head);
        cursor.words(&["copy"]);
        if let Some(name) = cursor.name() {
            count(reader, name, rows, bytes, false);
        }
        return true;
    }
    if !inserts {
        return false;
    }
    let (head, _) = tokens(&statement.text[..end], statement.line, dialect);
    let mut cursor = Cursor::new(&head);
    for word in ["insert", "replace", "low_priority", "delayed", "high_priority", "ignore", "or", "replace", "ignore", "into"] {
        cursor.words(&[word]);
    }
    if let Some(name) = cursor.name() {
        let rows = rows(statement.text, dialect);
        let zeros = statement.text.contains("'0000-00-00");
        count(reader, name, rows, statement.text.len() as u64, zeros);
    }
    true
}

fn count(reader: &mut Reader, name: (String, String), rows: u64, bytes: u64, zeros: bool) {
    reader.schema.data_bytes += bytes;
    if let Some(table) = reader.table(name) {
        table.rows = Some(table.rows.unwrap_or(0).saturating_add(rows));
        table.bytes = table.bytes.saturating_add(bytes);
        table.zero_dates |= zeros;
    }
}

/// The tuples behind VALUES; 0 for `insert … select`, whose number nobody knows.
fn rows(text: &str, dialect: Dialect) -> u64 {
    let (mut at, mut depth, mut rows, mut values) = (0, 0_usize, 0, false);
    while at < text.len() {
        let rest = &text[at..];
        let piece = scan::piece(rest, dialect);
        let part = &rest[..piece.length().max(1)];
        match piece {
            Piece::Word(_) if depth == 0 && (part.eq_ignore_ascii_case("values") || part.eq_ignore_ascii_case("value")) => values = true,
            // `on duplicate key update a = values(a)` is no row.
            Piece::Word(_) if depth == 0 && part.eq_ignore_ascii_case("on") => return rows,
            Piece::Sign(_) if part == "(" => {
                rows += u64::from(values && depth == 0);
                depth += 1;
            }
            Piece::Sign(_) if part == ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += part.len();
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tuples_are_counted() {
        let check = |text: &str, expect| assert_eq!(rows(text, Dialect::Mysql), expect, "{text}");
        check("insert into a values (1),(2, (3)), ('(')", 3);
        check("insert into a (b, c) values (1, 2) on duplicate key update b = values(b)", 1);
        check("insert into a select (1)", 0);
        check("insert into a (values_x) value (1)", 1);
    }
}
