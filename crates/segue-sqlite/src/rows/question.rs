//! The statements that ask for rows.
//!
//! Every column is named with its table: a double-quoted name that no column has would be a text for SQLite, and a
//! constant in place of a column. Values are bound, never written. Tests: `tests/it/rows.rs`.

use rusqlite::types::Value as Bound;
use segue_engine::rows::{Class, Datum, KeyRange, Read, ReadColumn};
use segue_engine::{EngineError, ErrorKind, quote};

use crate::error;

/// A statement and what is bound to it.
pub(super) struct Question {
    pub(super) sql: String,
    pub(super) bound: Vec<Bound>,
}

/// Rows of a read.
pub(super) fn rows(read: &Read) -> Result<Question, EngineError> {
    let columns: Vec<String> = read.columns.iter().map(value_of).collect();
    let mut asked = on(read, &columns.join(", "))?;
    if read.ordered && !read.key.is_empty() {
        let key: Vec<String> = read.key.iter().map(|at| ordered(&read.columns[*at])).collect();
        asked.sql.push_str(" ORDER BY ");
        asked.sql.push_str(&key.join(", "));
    }
    Ok(asked)
}

/// Their number.
pub(super) fn count(read: &Read) -> Result<Question, EngineError> {
    on(read, "count(*)")
}

/// The first key column's values, ascending: every so many rows one.
pub(super) fn every(read: &Read, first: usize, rows: u64) -> Result<Question, EngineError> {
    let key = value_of(&read.columns[first]);
    let inner = on(read, &format!("{key} AS k, row_number() OVER (ORDER BY {key}) AS n"))?;
    let sql = format!("SELECT DISTINCT k FROM ({}) WHERE n % {rows} = 1 AND n > 1 AND k IS NOT NULL ORDER BY k", inner.sql);
    Ok(Question { sql, bound: inner.bound })
}

fn value_of(column: &ReadColumn) -> String {
    match &column.expression {
        // The line's end keeps a comment of the user's from swallowing the parenthesis.
        Some(expression) => format!("({expression}\n)"),
        None => format!("t.{}", quote::name(&column.name)),
    }
}

fn ordered(column: &ReadColumn) -> String {
    // Numbers have no collation, and their own order needs no sorting where they are the row id.
    let collation = if column.class == Class::Integer { "" } else { " COLLATE BINARY" };
    format!("{}{collation}", value_of(column))
}

fn on(read: &Read, what: &str) -> Result<Question, EngineError> {
    let (mut conditions, mut bound) = (Vec::new(), Vec::new());
    if let (Some(range), Some(first)) = (&read.range, read.key.first()) {
        within(range, &value_of(&read.columns[*first]), &mut conditions, &mut bound)?;
    }
    if let Some(filter) = &read.filter {
        conditions.push(format!("({filter}\n)"));
    }
    if let Some(keys) = &read.only {
        conditions.extend(of_keys(read, keys, &mut bound));
    }
    let condition = if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
    Ok(Question { sql: format!("SELECT {what} FROM {} AS t{condition}", quote::table(&read.table)), bound })
}

fn within(range: &KeyRange, key: &str, conditions: &mut Vec<String>, bound: &mut Vec<Bound>) -> Result<(), EngineError> {
    let end = |datum: &Datum| {
        exact(datum).ok_or_else(|| {
            let text = "ranges of this key mean nothing in SQLite: it stores such values in several spellings";
            EngineError::new(error::UNSUPPORTED, ErrorKind::Unsupported, text)
        })
    };
    if let Some(from) = &range.from {
        conditions.push(format!("{key} >= ?"));
        bound.push(end(from)?);
    }
    if let Some(below) = &range.below {
        // Rows whose key is NULL are before all others.
        conditions.push(if range.from.is_none() { format!("({key} < ? OR {key} IS NULL)") } else { format!("{key} < ?") });
        bound.push(end(below)?);
    }
    Ok(())
}

/// One condition for all keys; `None` where no column of the key can be asked for: then every row comes.
fn of_keys(read: &Read, keys: &[Vec<Datum>], bound: &mut Vec<Bound>) -> Option<String> {
    if keys.is_empty() {
        return Some("0".to_owned());
    }
    let (mut alternatives, mut asked) = (Vec::new(), Vec::new());
    for key in keys {
        let mut parts = Vec::new();
        for (at, datum) in read.key.iter().zip(key) {
            parts.extend(is(&read.columns[*at], datum, &mut asked));
        }
        if parts.is_empty() {
            return None;
        }
        alternatives.push(parts.join(" AND "));
    }
    bound.append(&mut asked);
    Some(format!("({})", alternatives.join(" OR ")))
}

/// The condition that a column has a value, in every spelling that SQLite may store; `None` where nobody knows them.
fn is(column: &ReadColumn, datum: &Datum, asked: &mut Vec<Bound>) -> Option<String> {
    let name = value_of(column);
    if matches!(datum, Datum::Null) {
        return Some(format!("{name} IS NULL"));
    }
    match (&column.class, datum) {
        (Class::Decimal | Class::DecimalScaled, Datum::Decimal(number)) => {
            asked.push(Bound::Text(number.clone()));
            Some(format!("CAST({name} AS NUMERIC) = CAST(? AS NUMERIC)"))
        }
        // A column without a type may hold the digits as a number.
        (Class::Text, Datum::Text(_)) => {
            let value = exact(datum)?;
            let number = if let Bound::Text(text) = &value { text.parse::<i64>().ok() } else { None };
            asked.push(value);
            match number {
                Some(number) => {
                    asked.push(Bound::Integer(number));
                    Some(format!("({name} = ? OR {name} = ?)"))
                }
                None => Some(format!("{name} = ?")),
            }
        }
        (Class::Integer | Class::Bytes | Class::Float | Class::Boolean | Class::Date, _) => {
            asked.push(exact(datum)?);
            Some(format!("{name} = ?"))
        }
        _ => None,
    }
}

/// The value as SQLite stores it, where there is one way alone.
fn exact(datum: &Datum) -> Option<Bound> {
    match datum {
        Datum::Boolean(truth) => Some(Bound::Integer(i64::from(*truth))),
        // Beyond 64 bits SQLite has floats alone; the same cut is the same float on both of its sides.
        Datum::Integer(number) => Some(i64::try_from(*number).map_or(Bound::Real(*number as f64), Bound::Integer)),
        Datum::Float(number) => Some(Bound::Real(*number)),
        Datum::Text(text) => String::from_utf8(text.clone()).ok().map(Bound::Text),
        Datum::Bytes(bytes) => Some(Bound::Blob(bytes.clone())),
        Datum::Date(_) => Some(Bound::Text(datum.show())),
        _ => None,
    }
}
