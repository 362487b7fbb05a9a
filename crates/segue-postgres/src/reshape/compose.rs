//! A row's other form as nested selects: one level for each stage, the user's expressions inside as they are.
//!
//! The derived table of each level is called like the table itself, so that `users.name` works in an expression.
//! It must never put one expression of the user into another, and never look into one. Tests: at the end of this
//! file, and everything in `tests/reshape/`, where the server evaluates the result.

use segue_engine::quote::name;
use segue_model::reshape::{Assign, FormColumn, TableChange, Value};

/// Where the innermost level takes its values from.
pub(crate) struct Source<'a> {
    /// The SQL of a physical column.
    pub(crate) leaf: &'a dyn Fn(&str) -> String,
    /// What follows the innermost select list: a FROM clause, or nothing.
    pub(crate) tail: &'a str,
    /// More columns that are handed through all levels: `(SQL, alias)`.
    pub(crate) extra: &'a [(&'a str, &'a str)],
}

/// A select whose columns are the new form, computed from the old one.
pub(crate) fn new_form(change: &TableChange, source: &Source<'_>) -> String {
    let mut sql = leaves(&change.old, source);
    for (at, stage) in change.stages.iter().enumerate() {
        let last = at + 1 == change.stages.len();
        sql = level(change, &sql, &stage.up, if last { &change.new } else { &[] }, source);
    }
    sql
}

/// A select whose columns are the old form, computed from the new one.
pub(crate) fn old_form(change: &TableChange, source: &Source<'_>) -> String {
    let mut sql = leaves(&change.new, source);
    for (at, stage) in change.stages.iter().enumerate().rev() {
        sql = level(change, &sql, &stage.down, if at == 0 { &change.old } else { &[] }, source);
    }
    sql
}

/// One value of one stage as it stands, over the form that the stage reads, without the cast of the last level: what
/// the server says of it is what the user wrote.
pub(crate) fn bare(change: &TableChange, stage: usize, upwards: bool, assign: &Assign, source: &Source<'_>) -> String {
    let table = name(&change.table.name);
    let from = if upwards { new_form_until(change, stage, source) } else { old_form_until(change, stage, source) };
    format!("select {} as {} from ({from}) as {table}", value(&table, &assign.value, None), name(&assign.column))
}

/// The form before stage `stage`, from the old one.
pub(crate) fn new_form_until(change: &TableChange, stage: usize, source: &Source<'_>) -> String {
    let mut sql = leaves(&change.old, source);
    for stage in &change.stages[..stage] {
        sql = level(change, &sql, &stage.up, &[], source);
    }
    sql
}

/// The form after stage `stage`, from the new one.
pub(crate) fn old_form_until(change: &TableChange, stage: usize, source: &Source<'_>) -> String {
    let mut sql = leaves(&change.new, source);
    for stage in change.stages[stage + 1..].iter().rev() {
        sql = level(change, &sql, &stage.down, &[], source);
    }
    sql
}

fn leaves(form: &[FormColumn], source: &Source<'_>) -> String {
    let columns = form.iter().map(|column| format!("{} as {}", (source.leaf)(&column.physical), name(&column.name)));
    let extra = source.extra.iter().map(|(sql, alias)| format!("{sql} as {}", name(alias)));
    format!("select {} {}", columns.chain(extra).collect::<Vec<_>>().join(", "), source.tail)
}

fn level(change: &TableChange, inner: &str, assigns: &[Assign], form: &[FormColumn], source: &Source<'_>) -> String {
    let table = name(&change.table.name);
    let columns = assigns.iter().map(|assign| {
        let data_type = form.iter().find(|column| column.name == assign.column).map(|column| column.data_type.as_str());
        format!("{} as {}", value(&table, &assign.value, data_type), name(&assign.column))
    });
    let extra = source.extra.iter().map(|(_, alias)| format!("{table}.{}", name(alias)));
    format!("select {} from ({inner}) as {table}", columns.chain(extra).collect::<Vec<_>>().join(", "))
}

/// The SQL of one value. `data_type` is given at the last level: a literal must get the column's type there,
/// because the column of a derived table is otherwise `text`.
fn value(table: &str, value: &Value, data_type: Option<&str>) -> String {
    let column = |c: &str| format!("{table}.{}", name(c));
    // On lines of its own: a comment at the end of an expression must not swallow what follows.
    let raw = |sql: &str| format!("(\n{sql}\n)");
    let typed = |sql: String| match data_type {
        Some(data_type) => format!("({sql})::{}", assignable(data_type)),
        None => sql,
    };
    match value {
        Value::Column(c) => column(c),
        Value::Sql(sql) => typed(raw(sql)),
        Value::Cast { column: c, to } => format!("({})::{}", column(c), assignable(to)),
        Value::Coalesce { column: c, sql } => typed(format!("coalesce({}, {})", column(c), raw(sql))),
        Value::Unless { column: c, condition, sql } => {
            typed(format!("case when {} is false then {} else {} end", raw(condition), raw(sql), column(c)))
        }
        Value::Null => typed("null".to_owned()),
    }
}

/// The type for an explicit cast that must not cut a value short: `varchar(3)` without its length, because an
/// explicit cast to it truncates in silence, while the assignment that follows refuses.
pub(crate) fn assignable(data_type: &str) -> String {
    let lower = data_type.trim().to_lowercase();
    let array: String = data_type.trim().chars().skip_while(|c| *c != '[').collect();
    let plain = lower.split(['(', '[']).next().unwrap_or_default().trim();
    match plain {
        "character varying" | "varchar" | "char varying" => format!("pg_catalog.varchar{array}"),
        "character" | "char" | "bpchar" => format!("pg_catalog.bpchar{array}"),
        "bit" | "bit varying" | "varbit" => format!("pg_catalog.varbit{array}"),
        _ => data_type.to_owned(),
    }
}

/// The column of the new form is NULL whatever the old row is: there is nothing to compute.
pub(crate) fn up_is_null(change: &TableChange, column: &str) -> bool {
    traces_to_null(change.stages.iter().rev().map(|stage| stage.up.as_slice()), column)
}

/// The column of the old form is NULL whatever the new row is.
pub(crate) fn down_is_null(change: &TableChange, column: &str) -> bool {
    traces_to_null(change.stages.iter().map(|stage| stage.down.as_slice()), column)
}

fn traces_to_null<'a>(levels: impl Iterator<Item = &'a [Assign]>, column: &str) -> bool {
    let mut wanted = column.to_owned();
    for assigns in levels {
        match assigns.iter().find(|assign| assign.column == wanted).map(|assign| &assign.value) {
            Some(Value::Null) => return true,
            Some(Value::Column(from)) => wanted.clone_from(from),
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(data_type: &str, expect: &str) {
        assert_eq!(assignable(data_type), expect);
    }

    #[test]
    fn a_length_is_left_to_the_assignment() {
        check("varchar(3)", "pg_catalog.varchar");
        check("character varying(30)[]", "pg_catalog.varchar[]");
        check("character(5)", "pg_catalog.bpchar");
        check("bit(3)", "pg_catalog.varbit");
        check("numeric(12,2)", "numeric(12,2)");
        check("\"char\"", "\"char\"");
        check("timestamp(3) with time zone", "timestamp(3) with time zone");
    }
}
