//! A correction as one statement that a person can run: it changes a row only if that still is what was compared.
//!
//! Tests: `tests/it/repair.rs` of `segue-sim`.

use segue_engine::rows::{Copies, Datum, Read};
use segue_engine::{EngineError, quote};

use super::hands::every_name_is_taken;
use super::value::literal;

fn literals(read: &Read, row: &[Datum]) -> Result<Vec<String>, EngineError> {
    row.iter().zip(&read.columns).map(|(datum, column)| literal(datum, &column.name)).collect()
}

fn names(read: &Read) -> Vec<String> {
    read.columns.iter().map(|column| quote::name(&column.name)).collect()
}

/// That a row is exactly this one, storage classes and letters included.
fn is(read: &Read, row: &[Datum]) -> Result<String, EngineError> {
    let table = quote::table(&read.table);
    let each = names(read).into_iter().zip(literals(read, row)?).map(|(name, literal)| {
        let column = format!("{table}.{name}");
        // Two kinds of value are never equal, but the column's collation may make two texts so.
        format!("{column} IS {literal} COLLATE BINARY AND typeof({column}) = typeof({literal})")
    });
    Ok(each.collect::<Vec<_>>().join(" AND "))
}

/// A row of a table with a key.
pub(super) fn of_row(read: &Read, before: Option<&[Datum]>, after: Option<&[Datum]>) -> Result<String, EngineError> {
    let table = quote::table(&read.table);
    Ok(match (before, after) {
        (None, Some(row)) => {
            let values = literals(read, row)?;
            let key = read.key.iter().map(|at| format!("{table}.{} IS {}", quote::name(&read.columns[*at].name), values[*at]));
            format!(
                "INSERT OR ABORT INTO {table} ({}) SELECT {} WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {});",
                names(read).join(", "),
                values.join(", "),
                key.collect::<Vec<_>>().join(" AND ")
            )
        }
        (Some(old), Some(row)) => {
            let set = names(read).into_iter().zip(literals(read, row)?).enumerate().filter(|(at, _)| !read.key.contains(at));
            let set: Vec<String> = set.map(|(_, (name, literal))| format!("{name} = {literal}")).collect();
            format!("UPDATE OR ABORT {table} SET {} WHERE {};", set.join(", "), is(read, old)?)
        }
        (Some(old), None) => format!("DELETE FROM {table} WHERE {};", is(read, old)?),
        (None, None) => String::new(),
    })
}

/// A name of the row id that is no column's: else rows would go that only have a value in common.
fn row_id(read: &Read) -> Result<&'static str, EngineError> {
    let free = |name: &&str| !read.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    ["rowid", "_rowid_", "oid"].into_iter().find(free).ok_or_else(every_name_is_taken)
}

/// Copies of a row of a table without a key: nothing is done unless there are as many as were compared.
pub(super) fn of_copies(read: &Read, row: &[Datum], copies: Copies) -> Result<String, EngineError> {
    let (table, same) = (quote::table(&read.table), is(read, row)?);
    let asked = format!("(SELECT count(*) FROM {table} WHERE {same}) = {}", copies.before);
    if copies.after < copies.before {
        let less = copies.before - copies.after;
        let id = row_id(read)?;
        return Ok(format!("DELETE FROM {table} WHERE {id} IN (SELECT {id} FROM {table} WHERE {same} LIMIT {less}) AND {asked};"));
    }
    let more = copies.after - copies.before;
    let (names, values) = (names(read).join(", "), literals(read, row)?.join(", "));
    Ok(format!(
        "INSERT OR ABORT INTO {table} ({names}) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {more}) SELECT {values} FROM n WHERE {asked};"
    ))
}
