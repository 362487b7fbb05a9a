//! Queries of one table: what clients read, and the digest that business checks compare.
//!
//! Must never write. Tests: `conformance` in `segue-sim`.

use segue_model::canonical;

use super::client::{Side, SideRow, database_name, names_of};
use super::expression::Expression;
use super::failure::Failure;
use super::statement::{Item, Select, Statement};
use super::table::{Database, Table};
use super::value::Value;

/// The rows of a query.
pub(super) fn select(database: &Database, side: Side, select: &Select) -> Result<Vec<Vec<Value>>, Failure> {
    let name = database_name(&select.table);
    let table = database.table(&name)?;
    let names = names_of(table, side);
    let view = |row| SideRow { name: &select.table.name, table, names: &names, row };
    let mut hits: Vec<(Vec<Value>, &Vec<Value>)> = Vec::new();
    for row in table.rows.values() {
        let row_view = view(row);
        if select.filter.as_ref().map_or(Ok(true), |filter| filter.evaluate(&row_view).map(|value| value.is_true()))? {
            let order = select.order.iter().map(|(part, _)| part.evaluate(&row_view)).collect::<Result<_, _>>()?;
            hits.push((order, row));
        }
    }
    hits.sort_by(|(a, _), (b, _)| {
        let parts = a.iter().zip(b).zip(&select.order).map(|((a, b), (_, descending))| if *descending { b.cmp(a) } else { a.cmp(b) });
        parts.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    });
    if select.items.iter().any(|item| matches!(item, Item::Count | Item::Sum(_))) {
        let rows: Vec<_> = hits.iter().map(|(_, row)| view(row)).collect();
        return select.items.iter().map(|item| aggregate(item, &rows)).collect::<Result<Vec<_>, _>>().map(|row| vec![row]);
    }
    hits.iter().map(|(_, row)| plain(select, table, &view(row))).collect()
}

fn plain(select: &Select, table: &Table, row: &SideRow<'_>) -> Result<Vec<Value>, Failure> {
    let mut out = Vec::new();
    for item in &select.items {
        match item {
            Item::Value(value) => out.push(value.evaluate(row)?),
            _ => {
                for (_, physical) in row.names {
                    out.push(row.row[table.at(physical)?].clone());
                }
            }
        }
    }
    Ok(out)
}

fn aggregate(item: &Item, rows: &[SideRow<'_>]) -> Result<Value, Failure> {
    match item {
        Item::Count => Ok(Value::Int(rows.len() as i64)),
        Item::Sum(value) => sum(value, rows),
        _ => Err(Failure::syntax("a query either counts and sums, or gives rows")),
    }
}

fn sum(value: &Expression, rows: &[SideRow<'_>]) -> Result<Value, Failure> {
    let mut total: Option<i64> = None;
    for row in rows {
        match value.evaluate(row)? {
            Value::Null => {}
            Value::Int(n) => {
                let sum = total.unwrap_or(0).checked_add(n);
                total = Some(sum.ok_or_else(|| Failure::value("a sum beyond 64 bits"))?);
            }
            _ => return Err(Failure::value("a sum needs whole numbers")),
        }
    }
    Ok(total.map_or(Value::Null, Value::Int))
}

/// The digest of a query's ordered rows, with their number.
pub(super) fn digest(database: &Database, sql: &str) -> Result<(String, u64), Failure> {
    let Statement::Select(query) = Statement::read(sql)? else {
        return Err(Failure::new(crate::ErrorKind::Permission, "only a query that reads may run here"));
    };
    let rows = select(database, Side::Base, &query)?;
    let json: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(Value::to_json).collect()).collect();
    let digest = canonical::digest(&json).map_err(|_| Failure::value("a value has no canonical form"))?;
    Ok((digest, rows.len() as u64))
}
