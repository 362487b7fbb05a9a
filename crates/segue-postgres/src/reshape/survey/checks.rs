//! New check constraints, put to the server over the new form before anything is touched.
//!
//! Tests: `tests/reshape/refuse.rs`.

use segue_engine::EngineError;
use segue_engine::quote::name;
use segue_model::reshape::{ConstraintWhat, Survey, TableChange};

use crate::reshape::survey::critical;
use crate::reshape::survey::judge::{Judge, Leaves, leaf};

/// Adds a finding for each check that the server does not understand.
pub(crate) async fn look(judge: &Judge<'_>, change: &TableChange, out: &mut Survey) -> Result<(), EngineError> {
    let columns: Leaves = change.new.iter().map(|column| (column.name.clone(), column.data_type.clone())).collect();
    for constraint in &change.constraints {
        let ConstraintWhat::Check { check, .. } = &constraint.what else { continue };
        if let Err(message) = condition(judge, &change.table.name, &columns, check).await? {
            out.findings.push(critical(
                "SG-PG-117",
                format!("check `{}` of {}", constraint.name, change.table),
                format!("the server does not understand it: {message}"),
                "write a condition over the columns after the change",
            ));
        }
    }
    Ok(())
}

/// A condition of a check over these columns; the server's message where it is none. The columns stand under the
/// table's own name, so that a condition may write `table.column`.
pub(crate) async fn condition(judge: &Judge<'_>, table: &str, columns: &Leaves, check: &str) -> Result<Result<(), String>, EngineError> {
    let sql = format!("select from {} as {} where (\n{check}\n)", leaf(columns), name(table));
    if let Err(message) = judge.parse(&sql).await? {
        return Ok(Err(message));
    }
    Ok(match judge.selects(table, columns, check).await? {
        Ok(true) => Err("cannot use subquery in check constraint".to_owned()),
        Ok(false) => Ok(()),
        Err(message) => Err(message),
    })
}
