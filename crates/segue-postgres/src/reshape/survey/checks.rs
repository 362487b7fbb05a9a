//! New check constraints, tried on an empty copy of the new form before anything is touched.
//!
//! Tests: `tests/reshape/refuse.rs`.

use segue_engine::EngineError;
use segue_engine::quote::name;
use segue_model::reshape::{ConstraintWhat, Survey, TableChange};
use tokio_postgres::Transaction;

use crate::reshape::survey::critical;
use crate::session::db;

/// Adds a finding for each check that the server does not understand.
pub(crate) async fn look(transaction: &Transaction<'_>, change: &TableChange, path: &str, out: &mut Survey) -> Result<(), EngineError> {
    let columns: Vec<String> = change.new.iter().map(|column| format!("{} {}", name(&column.name), column.data_type)).collect();
    for constraint in &change.constraints {
        let ConstraintWhat::Check { check, .. } = &constraint.what else { continue };
        // Under the table's own name, so that a condition may write `table.column`.
        let sql = format!("create temporary table {} ({}, check ({check}))", name(&change.table.name), columns.join(", "));
        transaction.batch_execute(&format!("savepoint segue_try; set local search_path = {path}")).await.map_err(db)?;
        let tried = transaction.batch_execute(&sql).await.map_err(db);
        transaction.batch_execute("rollback to savepoint segue_try; release savepoint segue_try").await.map_err(db)?;
        if let Err(error) = tried {
            out.findings.push(critical(
                "SG-PG-117",
                format!("check `{}` of {}", constraint.name, change.table),
                format!("the server does not understand it: {}", error.message),
                "write a condition over the columns after the change",
            ));
        }
    }
    Ok(())
}
