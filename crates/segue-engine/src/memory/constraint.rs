//! What constraints demand of rows, checked after each statement on the rows that it touched.
//!
//! Must never name a value. Tests: `conformance` in `segue-sim`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::change::ReferenceAction;
use segue_model::ident::TableName;

use super::failure::Failure;
use super::table::{Database, Foreign, PhysicalRow, Rule, Table};
use super::value::Value;

/// Checks every row of a table that a statement wrote: not null, checks, foreign keys, unique indexes.
pub(super) fn rows_hold(database: &Database, name: &TableName, keys: &BTreeSet<Vec<Value>>) -> Result<(), Failure> {
    let table = database.table(name)?;
    for row in keys.iter().filter_map(|key| table.rows.get(key)) {
        for (column, value) in table.columns.iter().zip(row) {
            if value.is_null() && !column.nullable {
                return Err(Failure::constraint(format!("column {} of table {name} does not take NULL", column.name)));
            }
        }
        for (constraint, it) in &table.constraints {
            rule_holds(database, name, table, constraint, &it.rule, row)?;
        }
    }
    for (index, it) in table.indexes.iter().filter(|(_, it)| it.unique && it.valid) {
        unique(name, table, index, it)?;
    }
    Ok(())
}

/// Whether a rule holds for one row.
pub(super) fn rule_holds(
    database: &Database,
    name: &TableName,
    table: &Table,
    constraint: &str,
    rule: &Rule,
    row: &[Value],
) -> Result<(), Failure> {
    let holds = match rule {
        // The index beneath them says whether they hold.
        Rule::Primary(_) | Rule::Unique(_) => true,
        Rule::NotNull(column) => !row[table.at(column)?].is_null(),
        Rule::Check(check) => {
            let value = check.evaluate(&PhysicalRow { name: &name.name, table, row })?;
            value.is_null() || value.is_true()
        }
        Rule::Foreign(foreign) => {
            let values = table.values(row, &foreign.columns)?;
            values.iter().any(Value::is_null) || refers(database, foreign, &values)?
        }
    };
    if holds { Ok(()) } else { Err(Failure::constraint(format!("a row of table {name} violates the constraint {constraint}"))) }
}

fn refers(database: &Database, foreign: &Foreign, values: &[Value]) -> Result<bool, Failure> {
    let target = database.table(&foreign.target)?;
    for row in target.rows.values() {
        if target.values(row, &foreign.target_columns)? == values {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether no two rows of a table have the same values in an index.
pub(super) fn unique(name: &TableName, table: &Table, index: &str, it: &super::table::Index) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    for row in table.rows.values() {
        if let Some(key) = table.index_key(&name.name, it, row)?
            && !seen.insert(key)
        {
            return Err(Failure::constraint(format!("two rows of table {name} have the same values in the unique index {index}")));
        }
    }
    Ok(())
}

/// Rows of other tables referred to rows that a statement took away or whose key it changed: cascades, or refuses.
pub(super) fn referring(
    database: &mut Database,
    name: &TableName,
    before: &BTreeMap<Vec<Value>, Vec<Value>>,
    deleted: bool,
) -> Result<(), Failure> {
    let mut holders = Vec::new();
    for (holder, table) in &database.tables {
        for constraint in table.constraints.values() {
            match &constraint.rule {
                Rule::Foreign(foreign) if foreign.target == *name => holders.push((holder.clone(), foreign.clone())),
                _ => {}
            }
        }
    }
    for (holder, foreign) in holders {
        let target = database.table(name)?;
        let mut gone = BTreeSet::new();
        for row in before.values() {
            let values = target.values(row, &foreign.target_columns)?;
            if !values.iter().any(Value::is_null) && !refers(database, &foreign, &values)? {
                gone.insert(values);
            }
        }
        act(database, &holder, &foreign, &gone, deleted)?;
    }
    Ok(())
}

fn act(database: &mut Database, holder: &TableName, foreign: &Foreign, gone: &BTreeSet<Vec<Value>>, deleted: bool) -> Result<(), Failure> {
    let table = database.table(holder)?;
    let mut hit = BTreeMap::new();
    for (key, row) in &table.rows {
        if gone.contains(&table.values(row, &foreign.columns)?) {
            hit.insert(key.clone(), row.clone());
        }
    }
    if hit.is_empty() {
        return Ok(());
    }
    match if deleted { foreign.on_delete } else { foreign.on_update } {
        Some(ReferenceAction::Cascade) if deleted => {
            let table = database.table_mut(holder)?;
            for key in hit.keys() {
                table.rows.remove(key);
            }
            referring(database, holder, &hit, true)
        }
        Some(ReferenceAction::SetNull) => {
            let table = database.table_mut(holder)?;
            let at = foreign.columns.iter().map(|column| table.at(column)).collect::<Result<Vec<_>, _>>()?;
            for key in hit.keys() {
                if let Some(row) = table.rows.get_mut(key) {
                    for at in &at {
                        row[*at] = Value::Null;
                    }
                }
            }
            rows_hold_keys(database, holder, &hit)
        }
        _ => Err(Failure::constraint(format!("rows of table {holder} still refer to a row that the statement takes away"))),
    }
}

fn rows_hold_keys(database: &Database, name: &TableName, hit: &BTreeMap<Vec<Value>, Vec<Value>>) -> Result<(), Failure> {
    rows_hold(database, name, &hit.keys().cloned().collect())
}
