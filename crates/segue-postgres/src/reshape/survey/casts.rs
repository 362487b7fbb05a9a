//! A change of type without expressions: the engine's cast, allowed only where no value can be lost or fail.
//!
//! A short list of pairs that are known to keep every value; all others ask for `up` and `down`. Tests: at the end
//! of this file, and `tests/reshape/refuse.rs`.

use segue_engine::EngineError;
use segue_engine::quote::name;
use segue_model::reshape::{Survey, TableChange, Value};

use crate::reshape::compose::{self, Source};
use crate::reshape::survey::critical;
use crate::reshape::survey::expressions::physical;
use crate::reshape::survey::judge::{Judge, Type, leaf};

pub(crate) async fn look(judge: &Judge<'_>, change: &TableChange, out: &mut Survey) -> Result<(), EngineError> {
    for (at, stage) in change.stages.iter().enumerate() {
        for assign in &stage.up {
            let Value::Cast { column, to } = &assign.value else { continue };
            let Some((from, to_type)) = types(judge, change, at, column, to).await? else { continue };
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
    judge: &Judge<'_>,
    change: &TableChange,
    stage: usize,
    column: &str,
    to_written: &str,
) -> Result<Option<(String, String)>, EngineError> {
    let of_leaf = |physical: &str| format!("segue_leaf.{}", name(physical));
    let tail = format!("from {} as segue_leaf", leaf(&physical(&change.old)));
    let form = compose::new_form_until(change, stage, &Source { leaf: &of_leaf, tail: &tail, extra: &[] });
    let (Ok(form), Ok(to)) = (judge.parse(&form).await?, judge.data_type(to_written).await?) else { return Ok(None) };
    let Some(from) = form.columns().iter().find(|found| found.name() == column) else { return Ok(None) };
    // A statement's column has the type that a domain stands on; a cast to a domain checks more than that.
    Ok(Some((judge.spelled(Type::of(from)).await?, judge.spelled(to).await?)))
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
