//! A change of type without expressions: the engine's cast, allowed only where no value can be lost or fail.
//!
//! A short list of pairs that are known to keep every value; all others ask for `up` and `down`. Tests: at the end
//! of this file, and `tests/reshape/refuse.rs`.

use segue_engine::EngineError;
use segue_engine::quote::name;
use segue_model::reshape::{Survey, TableChange, Value};
use tokio_postgres::Transaction;

use crate::reshape::compose::{self, Source};
use crate::reshape::survey::critical;
use crate::session::db;

pub(crate) async fn look(transaction: &Transaction<'_>, change: &TableChange, path: &str, out: &mut Survey) -> Result<(), EngineError> {
    for (at, stage) in change.stages.iter().enumerate() {
        for assign in &stage.up {
            let Value::Cast { column, to } = &assign.value else { continue };
            let Some((from, to_type)) = types(transaction, change, path, at, column, to).await? else { continue };
            if !keeps_every_value(&from, &to_type) {
                out.findings.push(critical(
                    "SG-PG-118",
                    format!("column {column} of {}", change.table),
                    format!("a cast from {from} to {to_type} can lose or refuse values"),
                    "give `up` and `down`, which say what becomes of them",
                ));
            }
        }
    }
    Ok(())
}

/// The two types as the server writes them; `None` when one is not understood, which is found elsewhere.
async fn types(
    transaction: &Transaction<'_>,
    change: &TableChange,
    path: &str,
    stage: usize,
    column: &str,
    to: &str,
) -> Result<Option<(String, String)>, EngineError> {
    let leaf = |physical: &str| {
        let data_type = change.old.iter().find(|form| form.physical == physical).map_or("text", |form| form.data_type.as_str());
        format!("null::{data_type}")
    };
    let form = compose::new_form_until(change, stage, &Source { leaf: &leaf, tail: "", extra: &[] });
    let sql = format!(
        "savepoint segue_try; set local search_path = {path}; create temporary view segue_cast as {form}; create temporary table segue_cast_to (c {to}); \
         set local search_path = ''"
    );
    let mut out = None;
    if transaction.batch_execute(&sql).await.is_ok() {
        let row = transaction
            .query_opt(
                "select pg_catalog.format_type(a.atttypid, a.atttypmod), pg_catalog.format_type(b.atttypid, b.atttypmod) \
                 from pg_catalog.pg_attribute a, pg_catalog.pg_attribute b \
                 where a.attrelid = pg_catalog.to_regclass('pg_temp.segue_cast') and a.attname = $1 \
                   and b.attrelid = pg_catalog.to_regclass('pg_temp.segue_cast_to') and b.attnum = 1",
                &[&column],
            )
            .await
            .map_err(db)?;
        out = row.map(|row| (row.get(0), row.get(1)));
        debug_assert!(!name(column).is_empty());
    }
    transaction.batch_execute("rollback to savepoint segue_try; release savepoint segue_try").await.map_err(db)?;
    Ok(out)
}

/// A type taken apart: `numeric(12,2)` is `("numeric", [12, 2])`.
fn parts(data_type: &str) -> (String, Vec<i64>) {
    let Some(open) = data_type.find('(') else { return (data_type.to_owned(), Vec::new()) };
    let Some(close) = data_type.find(')') else { return (data_type.to_owned(), Vec::new()) };
    let numbers = data_type[open + 1..close].split(',').filter_map(|number| number.trim().parse().ok()).collect();
    (format!("{}{}", &data_type[..open], &data_type[close + 1..]), numbers)
}

/// Digits before the point that hold every value of an integer type.
fn integer_digits(base: &str) -> Option<i64> {
    match base {
        "smallint" => Some(5),
        "integer" => Some(10),
        "bigint" => Some(19),
        _ => None,
    }
}

fn keeps_every_value(from: &str, to: &str) -> bool {
    if from == to {
        return true;
    }
    let ((from_base, from_numbers), (to_base, to_numbers)) = (parts(from), parts(to));
    match (from_base.as_str(), to_base.as_str()) {
        ("smallint", "integer" | "bigint" | "real" | "double precision")
        | ("integer", "bigint" | "double precision")
        | ("real", "double precision")
        | ("date", "timestamp without time zone") => true,
        (integer, "numeric") if integer_digits(integer).is_some() => match to_numbers.as_slice() {
            [] => true,
            [precision, rest @ ..] => precision - rest.first().unwrap_or(&0) >= integer_digits(integer).unwrap_or(i64::MAX),
        },
        ("numeric", "numeric") => match (from_numbers.as_slice(), to_numbers.as_slice()) {
            (_, []) => true,
            ([p, s], [p2, s2]) => s2 >= s && p2 - s2 >= p - s,
            _ => false,
        },
        ("character varying", "text") | ("text", "character varying") => to_numbers.is_empty(),
        ("character varying", "character varying") => match (from_numbers.as_slice(), to_numbers.as_slice()) {
            (_, []) => true,
            ([n], [m]) => m >= n,
            _ => false,
        },
        ("timestamp without time zone", "timestamp without time zone") | ("timestamp with time zone", "timestamp with time zone") => {
            to_numbers.first().unwrap_or(&6) >= from_numbers.first().unwrap_or(&6)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, to: &str, expect: bool) {
        assert_eq!(keeps_every_value(from, to), expect, "{from} to {to}");
    }

    #[test]
    fn only_what_keeps_every_value() {
        check("integer", "bigint", true);
        check("bigint", "integer", false);
        check("integer", "numeric(12,2)", true);
        check("integer", "numeric(9,2)", false);
        check("bigint", "double precision", false);
        check("numeric(10,2)", "numeric(12,4)", true);
        check("numeric(10,2)", "numeric(12,5)", false);
        check("numeric", "numeric(12,2)", false);
        check("character varying(20)", "character varying(30)", true);
        check("character varying(30)", "character varying(20)", false);
        check("character varying(30)", "text", true);
        check("text", "character varying(30)", false);
        check("character(3)", "text", false);
        check("timestamp(3) without time zone", "timestamp without time zone", true);
        check("timestamp without time zone", "timestamp with time zone", false);
        check("text", "jsonb", false);
    }
}
