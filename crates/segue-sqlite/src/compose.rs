//! Nested selects: a row of one form from a row of the other, stage by stage.
//!
//! User expressions are never rewritten: each stands in a select over the names it was written for, and the
//! derived table bears the table's own name. Tests: below and all of `tests/it/`.

use segue_engine::quote;
use segue_model::reshape::{Assign, TableChange, Value};

/// A column that passes through all stages under a name that no form uses.
pub(crate) struct Pass {
    /// Its value at the innermost level.
    pub(crate) value: String,
    /// Its name further out.
    pub(crate) name: String,
}

/// `select` gives the old form; the result gives the new form.
pub(crate) fn up(change: &TableChange, select: String, pass: &[String]) -> String {
    change.stages.iter().fold(select, |inner, stage| wrap(&change.table.name, &stage.up, &inner, pass))
}

/// `select` gives the new form; the result gives the old form.
pub(crate) fn down(change: &TableChange, select: String, pass: &[String]) -> String {
    change.stages.iter().rev().fold(select, |inner, stage| wrap(&change.table.name, &stage.down, &inner, pass))
}

/// A select of expressions with names, over nothing or over `from`.
pub(crate) fn select<'a>(columns: impl IntoIterator<Item = (String, &'a str)>, pass: &[Pass], from: &str) -> String {
    let mut list: Vec<String> = columns.into_iter().map(|(value, name)| format!("{value} AS {}", quote::name(name))).collect();
    list.extend(pass.iter().map(|pass| format!("{} AS {}", pass.value, quote::name(&pass.name))));
    if from.is_empty() { format!("SELECT {}", list.join(", ")) } else { format!("SELECT {} FROM {from}", list.join(", ")) }
}

fn wrap(table: &str, assigns: &[Assign], inner: &str, pass: &[String]) -> String {
    let mut list: Vec<String> =
        assigns.iter().map(|assign| format!("{} AS {}", value_sql(&assign.value), quote::name(&assign.column))).collect();
    list.extend(pass.iter().map(|name| quote::name(name)));
    format!("SELECT {} FROM ({inner}) AS {}", list.join(", "), quote::name(table))
}

fn value_sql(value: &Value) -> String {
    // A line break closes a `--` comment at the end of a user's expression.
    match value {
        Value::Column(column) => quote::name(column),
        Value::Sql(sql) => format!("({sql}\n)"),
        Value::Cast { column, to } => crate::affinity::assignment_cast(&quote::name(column), to),
        Value::Coalesce { column, sql } => format!("coalesce({}, ({sql}\n))", quote::name(column)),
        Value::Unless { column, condition, sql } => {
            format!("CASE WHEN NOT ({condition}\n) THEN ({sql}\n) ELSE {} END", quote::name(column))
        }
        Value::Null => "NULL".to_owned(),
    }
}
