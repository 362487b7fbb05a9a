//! A correction as one statement that a person can run: it changes a row only if that still is what was compared.
//!
//! Tests: `tests/it/repair.rs` of `segue-sim`.

use segue_engine::rows::{Copies, Datum, Read};
use segue_engine::{EngineError, quote};

use super::value::{has, literal};

/// What a script begins with.
pub(super) const BEGIN: &str = "-- Run it with: mysql --default-character-set=utf8mb4 DATABASE < SCRIPT (it stops at the first error).\n\
     -- Triggers of these tables fire.\n\
     SET NAMES utf8mb4;\nSET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00', \
     foreign_key_checks = 1, unique_checks = 1;\nSTART TRANSACTION;\n";
/// What it ends with.
pub(super) const END: &str = "COMMIT;\n";

fn literals(read: &Read, row: &[Datum]) -> Result<Vec<String>, EngineError> {
    row.iter().zip(&read.columns).map(|(datum, column)| literal(datum, &column.name)).collect()
}

fn names(read: &Read) -> Vec<String> {
    read.columns.iter().map(|column| quote::backtick(&column.name)).collect()
}

fn is(read: &Read, row: &[Datum]) -> Result<String, EngineError> {
    let each = row.iter().zip(&read.columns).enumerate().map(|(at, (datum, column))| has(&column.name, datum, read.key.contains(&at)));
    Ok(each.collect::<Result<Vec<_>, _>>()?.join(" AND "))
}

/// A row of a table with a key.
pub(super) fn of_row(read: &Read, before: Option<&[Datum]>, after: Option<&[Datum]>) -> Result<String, EngineError> {
    let table = quote::backtick_table(&read.table);
    Ok(match (before, after) {
        (None, Some(row)) => {
            let key =
                read.key.iter().map(|at| Ok(format!("{} <=> {}", quote::backtick(&read.columns[*at].name), literal(&row[*at], "key")?)));
            format!(
                "INSERT INTO {table} ({}) SELECT {} FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {});",
                names(read).join(", "),
                literals(read, row)?.join(", "),
                key.collect::<Result<Vec<_>, EngineError>>()?.join(" AND ")
            )
        }
        (Some(old), Some(row)) => {
            let set = names(read).into_iter().zip(literals(read, row)?).enumerate().filter(|(at, _)| !read.key.contains(at));
            let set: Vec<String> = set.map(|(_, (name, literal))| format!("{name} = {literal}")).collect();
            format!("UPDATE {table} SET {} WHERE {};", set.join(", "), is(read, old)?)
        }
        (Some(old), None) => format!("DELETE FROM {table} WHERE {};", is(read, old)?),
        (None, None) => String::new(),
    })
}

/// Copies of a row of a table without a key: nothing is done unless there are as many as were compared.
pub(super) fn of_copies(read: &Read, row: &[Datum], copies: Copies) -> Result<String, EngineError> {
    let (table, same) = (quote::backtick_table(&read.table), is(read, row)?);
    // The server does not let a statement count in the table that it changes, unless the count is made first.
    let asked = format!("(SELECT n FROM (SELECT COUNT(*) AS n FROM {table} WHERE {same}) AS counted) = {}", copies.before);
    if copies.after < copies.before {
        return Ok(format!("DELETE FROM {table} WHERE {same} AND {asked} LIMIT {};", copies.before - copies.after));
    }
    let each = vec!["SELECT 1 AS one"; usize::try_from(copies.after - copies.before).unwrap_or(usize::MAX)].join(" UNION ALL ");
    Ok(format!(
        "INSERT INTO {table} ({}) SELECT {} FROM ({each}) AS more WHERE {asked};",
        names(read).join(", "),
        literals(read, row)?.join(", ")
    ))
}
