//! A correction as one statement that a person can run: it changes a row only if that still is what was compared.
//!
//! Literals have no type of their own: each takes that of its column. Tests: `tests/it/repair.rs` of
//! `segue-sim`.

use segue_engine::rows::{Class, Copies, Datum, Read, ReadColumn};
use segue_engine::{EngineError, quote};

use super::value::text;

/// What a script begins with: the settings under which the literals are read as they were written.
pub(super) const BEGIN: &str = "-- Run it with: psql -X -v ON_ERROR_STOP=1 -f SCRIPT\nbegin;\n\
     set local client_encoding = 'UTF8'; set local standard_conforming_strings = on; set local timezone = 'UTC'; \
     set local datestyle = 'ISO, YMD';\nset local intervalstyle = 'postgres'; set local extra_float_digits = 1; \
     set local bytea_output = 'hex'; set local xmloption = 'content'; set local row_security = off;\n\
     set constraints all immediate;\n\
     -- Triggers of these tables fire, unless the role may run: set local session_replication_role = replica;\n\
     -- (then foreign keys are not looked at either).\n";
/// What it ends with.
pub(super) const END: &str = "commit;\n";

fn literal(datum: &Datum, column: &ReadColumn) -> Result<String, EngineError> {
    Ok(text(datum, &column.name, None)?.map_or_else(|| "null".to_owned(), |text| quoted(&text)))
}

/// Line breaks and the like are spelt out: an editor or a client might change them, and each statement is one line.
fn quoted(text: &str) -> String {
    if !text.contains(['\n', '\r', '\t']) {
        return quote::text(text);
    }
    let spelt = text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t");
    format!("e{}", quote::text(&spelt))
}

fn literals(read: &Read, row: &[Datum]) -> Result<Vec<String>, EngineError> {
    row.iter().zip(&read.columns).map(|(datum, column)| literal(datum, column)).collect()
}

fn names(read: &Read) -> String {
    quote::names(read.columns.iter().map(|column| column.name.as_str()))
}

/// That a column has exactly this value.
fn has(column: &ReadColumn, datum: &Datum) -> Result<String, EngineError> {
    let (name, literal) = (quote::name(&column.name), literal(datum, column)?);
    if matches!(datum, Datum::Null) {
        return Ok(format!("{name} is null"));
    }
    let textual = matches!(datum, Datum::Text(_) | Datum::JsonText(_) | Datum::Own(_));
    Ok(match (&column.class, textual) {
        // Its own comparison does not see the spaces that fill it.
        (Class::TextPadded, _) => format!("{name} is not distinct from {literal}"),
        // As text, by its bytes: a collation may call two texts equal, and some types have no comparison.
        (_, true) => format!("({name})::pg_catalog.text collate pg_catalog.\"C\" is not distinct from {literal}"),
        _ => format!("{name} is not distinct from {literal}"),
    })
}

fn is(read: &Read, row: &[Datum]) -> Result<String, EngineError> {
    let each = row.iter().zip(&read.columns).map(|(datum, column)| has(column, datum)).collect::<Result<Vec<_>, _>>()?;
    Ok(each.join(" and "))
}

fn key_is(read: &Read, row: &[Datum]) -> Result<String, EngineError> {
    let each = read.key.iter().map(|at| has(&read.columns[*at], &row[*at])).collect::<Result<Vec<_>, _>>()?;
    Ok(each.join(" and "))
}

/// A row of a table with a key.
pub(super) fn of_row(read: &Read, before: Option<&[Datum]>, after: Option<&[Datum]>) -> Result<String, EngineError> {
    let table = quote::table(&read.table);
    Ok(match (before, after) {
        // Bare literals of a select that is inserted take their columns' types.
        (None, Some(row)) => format!(
            "insert into {table} ({}) overriding system value select {} where not exists (select from {table} where {});",
            names(read),
            literals(read, row)?.join(", "),
            key_is(read, row)?
        ),
        (Some(old), Some(row)) => {
            let set = literals(read, row)?.into_iter().zip(&read.columns).enumerate().filter(|(at, _)| !read.key.contains(at));
            let set: Vec<String> = set.map(|(_, (literal, column))| format!("{} = {literal}", quote::name(&column.name))).collect();
            format!("update {table} set {} where {};", set.join(", "), is(read, old)?)
        }
        (Some(old), None) => format!("delete from {table} where {};", is(read, old)?),
        (None, None) => String::new(),
    })
}

/// Copies of a row of a table without a key: nothing is done unless there are as many as were compared.
pub(super) fn of_copies(read: &Read, row: &[Datum], copies: Copies) -> Result<String, EngineError> {
    let (table, same) = (quote::table(&read.table), is(read, row)?);
    let asked = format!("(select pg_catalog.count(*) from {table} where {same}) = {}", copies.before);
    if copies.after < copies.before {
        let less = copies.before - copies.after;
        let some = format!("select tableoid, ctid from {table} where {same} limit {less}");
        return Ok(format!("delete from {table} where (tableoid, ctid) in ({some}) and {asked};"));
    }
    Ok(format!(
        "insert into {table} ({}) overriding system value select {} from pg_catalog.generate_series(1, {}) where {asked};",
        names(read),
        literals(read, row)?.join(", "),
        copies.after - copies.before
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_one_line_whatever_the_text() {
        assert_eq!(quoted("it's \\ $1"), "'it''s \\ $1'");
        assert_eq!(quoted("a\r\n\tb\\'"), "e'a\\r\\n\\tb\\\\'''");
    }
}
