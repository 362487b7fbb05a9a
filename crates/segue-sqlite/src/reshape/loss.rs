//! What going back would lose: rows of new tables, and values that only the new form holds and that no `up` gives.
//! Tests: `tests/it/journey.rs`.

use rusqlite::Connection;
use segue_engine::{EngineError, Loss, quote};
use segue_model::reshape::{NewTable, Role, TableChange};
use segue_model::units::counted;

use super::layout::{Layout, table_sql};
use super::shift::count;
use super::triggers::{any, same};
use crate::compose::{self, Pass};
use crate::schema;

/// Counts it.
pub(crate) fn count_loss(connection: &Connection, changes: &[TableChange], created: &[NewTable]) -> Result<Loss, EngineError> {
    let mut loss = Loss::default();
    for new in created {
        if schema::text(connection, "table", &new.table.name)?.is_some() {
            let rows = count(connection, &format!("SELECT count(*) FROM {}", quote::name(&new.table.name)))?;
            loss.rows += rows;
            if rows > 0 {
                loss.what.push(format!("{} of table {}, which the old form does not have", counted(rows, "row"), new.table));
            }
        }
    }
    for change in changes {
        if table_sql(connection, &change.table.name)?.is_none() {
            continue;
        }
        let layout = Layout::read(connection, change)?;
        for (i, d) in change.up.iter().enumerate() {
            if d.role != Role::Added || layout.now.column(&d.physical).is_none() {
                continue;
            }
            let values = count(connection, &given(&layout, i))?;
            loss.values += values;
            if values > 0 {
                let (values, column, table) = (counted(values, "value"), &d.column, &change.table);
                loss.what.push(format!("{values} of column {column} of table {table}, which the old form does not have"));
            }
        }
    }
    Ok(loss)
}

/// Counts values of a new column that are not what `up` gives.
fn given(layout: &Layout<'_>, at: usize) -> String {
    let change = layout.change;
    let d = &change.up[at];
    let form = layout.new_column(&d.column);
    let mut usual = Vec::new();
    let physical = quote::name(&d.physical);
    let mut pass = vec![Pass { value: physical.clone(), name: "segue_p".to_owned() }];
    let mut condition = String::new();
    if layout.tracked() && layout.has_helper() {
        pass.push(Pass { value: quote::name(&layout.helper), name: "segue_h".to_owned() });
        condition = if change.backfill { " AND segue_h NOT IN (0, 3, 7)".to_owned() } else { String::new() };
        if !layout.before.strict {
            usual.push(format!("segue_p IS {}", layout.untouched()));
        }
    }
    let names: Vec<String> = pass.iter().map(|p| p.name.clone()).collect();
    let computed = compose::up(change, compose::select(layout.old_form(""), &pass, &layout.quoted()), &names);
    usual.push(same("segue_p", &quote::name(&d.column)));
    if let Some(default) = &form.default {
        usual.push(same("segue_p", default));
    }
    let table = quote::name(&change.table.name);
    format!("SELECT count(*) FROM ({computed}) AS {table} WHERE NOT {}{condition}", any(usual))
}
