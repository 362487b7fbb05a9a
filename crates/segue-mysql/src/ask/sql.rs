//! Queries that Segue asks by itself, in the words of MySQL and MariaDB. A name enters by the quoting door alone.
//!
//! Text is counted by its bytes in UTF-8, never by a collation. Each is a plain SELECT that a person can run too.
//! Tests: below, and `segue-sim/tests/it/checks/` on servers.

use segue_engine::quote;
use segue_engine::rows::{Class, Measure, Measured, Probe};

/// The query of a probe.
pub(super) fn probe(probe: &Probe) -> String {
    match probe {
        Probe::Tally { table, filter, of } => {
            let mut list = vec!["count(*) as row_count".to_owned()];
            list.extend(of.iter().enumerate().map(|(at, measured)| format!("{} as m{}", measure(measured), at + 1)));
            format!("select {} from {}{}", list.join(", "), quote::backtick_table(table), condition(&[], filter.as_ref()))
        }
        Probe::Line { table, filter, of } => {
            let mut list = vec![as_text("count(*)")];
            list.extend(of.iter().map(|measured| as_text(&line_measure(measured))));
            let list: Vec<String> = list.iter().enumerate().map(|(at, term)| format!("{term} as c{at}")).collect();
            format!("select {} from {}{}", list.join(", "), quote::backtick_table(table), condition(&[], filter.as_ref()))
        }
        Probe::Nulls { table, column, filter } => {
            let broken = format!("{} is null", quote::backtick(column));
            format!("select count(*) as row_count from {}{}", quote::backtick_table(table), condition(&[broken], filter.as_ref()))
        }
        Probe::Duplicates { table, columns, filter } => {
            let present: Vec<String> = columns.iter().map(|column| format!("{} is not null", quote::backtick(column))).collect();
            let by: Vec<String> = columns.iter().map(|column| own_bytes(&quote::backtick(column))).collect();
            format!(
                "select coalesce(sum(n - 1), 0) as row_count from (select count(*) as n from {}{} group by {} having count(*) > 1) as q",
                quote::backtick_table(table),
                condition(&present, filter.as_ref()),
                by.join(", ")
            )
        }
        Probe::Outside { table, column, min, max, filter } => {
            let bound = |sign: &str, value: &String| format!("{} {sign} {}", quote::backtick(column), literal(value));
            let outside: Vec<String> = min.iter().map(|value| bound("<", value)).chain(max.iter().map(|value| bound(">", value))).collect();
            let outside = if outside.is_empty() { "false".to_owned() } else { format!("({})", outside.join(" or ")) };
            format!("select count(*) as row_count from {}{}", quote::backtick_table(table), condition(&[outside], filter.as_ref()))
        }
        Probe::Unlike { table, column, pattern, filter } => {
            let text = format!("convert({} using utf8mb4) collate utf8mb4_bin", quote::backtick(column));
            let unlike = format!("{text} not like convert({} using utf8mb4) escape '!'", hex_text(pattern));
            format!("select count(*) as row_count from {}{}", quote::backtick_table(table), condition(&[unlike], filter.as_ref()))
        }
        Probe::Orphans { table, columns, parent, parent_columns } => {
            let mut broken: Vec<String> = columns.iter().map(|column| format!("c.{} is not null", quote::backtick(column))).collect();
            let pairs = columns.iter().zip(parent_columns);
            let same: Vec<String> = pairs.map(|(child, of)| format!("p.{} = c.{}", quote::backtick(of), quote::backtick(child))).collect();
            broken.push(format!("not exists (select 1 from {} as p where {})", quote::backtick_table(parent), same.join(" and ")));
            format!("select count(*) as row_count from {} as c{}", quote::backtick_table(table), condition(&broken, None))
        }
    }
}

/// One measure of a term. The smallest and largest are given as the column's own type.
fn measure(of: &Measured) -> String {
    let term = if of.expression { format!("({})", of.term) } else { quote::backtick(&of.term) };
    match of.what {
        Measure::Count => format!("count({term})"),
        Measure::Distinct => format!("count(distinct {})", own_bytes(&term)),
        // Of exact numbers the sum is a DECIMAL, and exact.
        Measure::Sum => format!("sum({term})"),
        Measure::Min => format!("min({term})"),
        Measure::Max => format!("max({term})"),
        Measure::Bytes => format!("coalesce(sum(octet_length(convert({term} using utf8mb4))), 0)"),
        Measure::Octets => format!("coalesce(sum(octet_length({term})), 0)"),
        Measure::True => format!("coalesce(sum({term} <> 0), 0)"),
    }
}

/// A term as the bytes of its text in its own character set: no collation has a say, and no byte is lost.
fn own_bytes(term: &str) -> String {
    format!("cast({term} as binary)")
}

/// A number stands as it is, so that it is compared as one; anything else is a text.
fn literal(value: &str) -> String {
    let number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    let number = number && value.matches('.').count() <= 1 && value.rfind('-').unwrap_or(0) == 0;
    if number && value.bytes().any(|byte| byte.is_ascii_digit()) { value.to_owned() } else { hex_text(value) }
}

/// A text as `_utf8mb4 0x…`: no setting of the session can read it in another way.
fn hex_text(text: &str) -> String {
    if text.is_empty() {
        return "_utf8mb4 ''".to_owned();
    }
    text.bytes().fold("_utf8mb4 0x".to_owned(), |out, byte| out + &format!("{byte:02x}"))
}

/// A value as text, NULL as a word.
fn as_text(term: &str) -> String {
    format!("coalesce(cast({term} as char), 'NULL')")
}

/// A measure whose text is the same on every engine.
fn line_measure(of: &Measured) -> String {
    let plain = measure(of);
    if of.what == Measure::Sum { format!("cast({plain} as decimal(65, 15))") } else { plain }
}

/// A query with a text before its row, or the text alone.
pub(super) fn labelled(label: &str, of: Option<&Probe>) -> String {
    // A backslash means one thing or another, as the session's settings say.
    let label = if label.contains('\\') { hex_text(label) } else { quote::text(label) };
    match of {
        Some(of) => format!("select {label} as line, q.* from ({}) as q", probe(of)),
        None => format!("select {label} as line"),
    }
}

/// The condition under which a row is not marked as deleted.
pub(super) fn kept(column: &str, class: &Class) -> Option<String> {
    match class {
        Class::Date | Class::Timestamp | Class::Instant => Some(format!("{} is null", quote::backtick(column))),
        Class::Boolean => Some(format!("{} is not true", quote::backtick(column))),
        Class::Integer => Some(format!("coalesce({}, 0) = 0", quote::backtick(column))),
        _ => None,
    }
}

fn condition(all: &[String], filter: Option<&String>) -> String {
    // The user's condition may end in a comment of its own.
    let terms: Vec<String> = all.iter().cloned().chain(filter.map(|filter| format!("({filter}\n)"))).collect();
    if terms.is_empty() { String::new() } else { format!(" where {}", terms.join(" and ")) }
}

#[cfg(test)]
mod tests {
    use segue_model::ident::TableName;

    use super::*;

    #[test]
    fn a_hostile_name_stays_a_name() {
        let table = TableName::new("s`", "t;--");
        let sql = probe(&Probe::Nulls { table, column: "a` or 1=1".to_owned(), filter: None });
        assert_eq!(sql, "select count(*) as row_count from `s```.`t;--` where `a`` or 1=1` is null");
    }

    #[test]
    fn a_number_is_a_number_and_nothing_else_is() {
        assert_eq!(literal("-1.5"), "-1.5");
        for text in ["", "-", ".", "1-1", "1.2.3", "1 or 1", "2026-11-21"] {
            assert!(literal(text).starts_with("_utf8mb4 "), "{text}");
        }
    }
}
