//! The user's expressions, tried on an empty copy: understood by the server, of a type that fits, not volatile.
//!
//! Nothing is evaluated over rows. Tests: `tests/reshape/refuse.rs`.

use segue_engine::EngineError;
use segue_engine::quote::name;
use segue_model::finding::Finding;
use segue_model::reshape::{Assign, FormColumn, Survey, TableChange, Value};
use tokio_postgres::Transaction;

use crate::reshape::compose::{self, Source};
use crate::reshape::survey::critical;
use crate::session::db;

pub(crate) async fn look(transaction: &Transaction<'_>, change: &TableChange, path: &str, out: &mut Survey) -> Result<(), EngineError> {
    let trial = Trial { transaction, change, path };
    if let Some(finding) = trial.forms().await? {
        out.findings.push(finding);
        return Ok(());
    }
    for (at, stage) in change.stages.iter().enumerate() {
        for upwards in [true, false] {
            let assigns = if upwards { &stage.up } else { &stage.down };
            for assign in assigns.iter().filter(|assign| !matches!(assign.value, Value::Column(_) | Value::Null | Value::Cast { .. })) {
                if let Some(finding) = trial.expression(at, upwards, assign).await? {
                    out.findings.push(finding);
                }
            }
        }
    }
    Ok(())
}

struct Trial<'a> {
    transaction: &'a Transaction<'a>,
    change: &'a TableChange,
    path: &'a str,
}

impl Trial<'_> {
    /// The temporary tables of both forms; a finding when a type of the spec is none.
    async fn forms(&self) -> Result<Option<Finding>, EngineError> {
        for (copy, form) in [("segue_old_form", &self.change.old), ("segue_new_form", &self.change.new)] {
            for column in form {
                let sql = format!("create temporary table segue_type (c {})", column.data_type);
                if let Err(error) = self.run(&sql, true).await? {
                    let object = format!("column {} of {}", column.name, self.change.table);
                    return Ok(Some(critical(
                        "SG-PG-117",
                        object,
                        format!("its type is not understood: {error}"),
                        "write a type of this server",
                    )));
                }
            }
            let columns: Vec<String> = form.iter().map(|c: &FormColumn| format!("{} {}", name(&c.physical), c.data_type)).collect();
            if let Err(error) = self.run(&format!("create temporary table {copy} ({})", columns.join(", ")), false).await? {
                return Ok(Some(critical("SG-PG-117", format!("table {}", self.change.table), error, "see the columns of the change")));
            }
        }
        Ok(None)
    }

    /// Runs a statement with the user's `search_path` in a savepoint; the error's message on failure.
    async fn run(&self, sql: &str, undo: bool) -> Result<Result<(), String>, EngineError> {
        self.transaction.batch_execute(&format!("savepoint segue_try; set local search_path = {}", self.path)).await.map_err(db)?;
        let result = self.transaction.batch_execute(sql).await;
        match result {
            Ok(()) if undo => {
                self.transaction.batch_execute("rollback to savepoint segue_try; release savepoint segue_try").await.map_err(db)?;
                Ok(Ok(()))
            }
            Ok(()) => {
                self.transaction.batch_execute("set local search_path = ''; release savepoint segue_try").await.map_err(db)?;
                Ok(Ok(()))
            }
            Err(error) => {
                let error = db(error);
                self.transaction.batch_execute("rollback to savepoint segue_try; release savepoint segue_try").await.map_err(db)?;
                Ok(Err(error.message))
            }
        }
    }

    async fn expression(&self, at: usize, upwards: bool, assign: &Assign) -> Result<Option<Finding>, EngineError> {
        let change = self.change;
        let (word, copy) = if upwards { ("up", "segue_old_form") } else { ("down", "segue_new_form") };
        let sql = {
            let leaf = |physical: &str| format!("segue_leaf.{}", name(physical));
            let tail = format!("from pg_temp.{copy} as segue_leaf");
            compose::bare(change, at, upwards, assign, &Source { leaf: &leaf, tail: &tail, extra: &[] })
        };
        let object = format!("`{word}` of column {} of {}", assign.column, change.table);
        if let Err(error) = self.run(&format!("create temporary view segue_expression as {sql}"), true).await? {
            let fix = format!("write an expression over the columns {} the change", if upwards { "before" } else { "after" });
            return Ok(Some(critical("SG-PG-117", object, format!("the server does not understand it: {error}"), fix)));
        }
        if let Some(function) = self.volatile(&sql).await? {
            return Ok(Some(critical(
                "SG-PG-116",
                object,
                format!("it calls {function}, which is volatile: the same row would get another value each time"),
                "use a default for new rows, or an expression over the row's columns alone",
            )));
        }
        let last = if upwards { at + 1 == change.stages.len() } else { at == 0 };
        let form = if upwards { &change.new } else { &change.old };
        let fits = form.iter().find(|column| last && column.name == assign.column);
        if let Some(column) = fits {
            let place = format!(
                "create temporary table segue_place (c {}); prepare segue_fit as insert into pg_temp.segue_place (c) {sql}",
                column.data_type
            );
            let tried = self.run(&place, true).await?;
            // A prepared statement outlives the savepoint.
            self.transaction.batch_execute("deallocate all").await.map_err(db)?;
            if let Err(error) = tried {
                return Ok(Some(critical(
                    "SG-PG-117",
                    object,
                    format!("its type does not fit the column: {error}"),
                    format!("cast it to {}", column.data_type),
                )));
            }
        }
        Ok(None)
    }

    /// The first volatile function that an expression calls, found in the server's own parse of it.
    async fn volatile(&self, sql: &str) -> Result<Option<String>, EngineError> {
        self.transaction.batch_execute(&format!("savepoint segue_try; set local search_path = {}", self.path)).await.map_err(db)?;
        self.transaction.batch_execute(&format!("create temporary view segue_expression as {sql}")).await.map_err(db)?;
        let row = self
            .transaction
            .query_opt(
                "with tree as (select r.ev_action::text as text from pg_catalog.pg_rewrite r where r.ev_class = pg_catalog.to_regclass('pg_temp.segue_expression')), \
                 called as ( \
                   select m[1]::oid as oid from tree, pg_catalog.regexp_matches(text, ':(?:funcid|opfuncid|aggfnoid|winfnoid) ([0-9]+)', 'g') m \
                   union select o.oprcode::oid from tree, pg_catalog.regexp_matches(text, ':opno ([0-9]+)', 'g') m join pg_catalog.pg_operator o on o.oid = m[1]::oid) \
                 select p.oid::regprocedure::text from called c join pg_catalog.pg_proc p on p.oid = c.oid where p.provolatile = 'v' order by 1 limit 1",
                &[],
            )
            .await
            .map_err(db)?;
        self.transaction.batch_execute("rollback to savepoint segue_try; release savepoint segue_try").await.map_err(db)?;
        Ok(row.map(|row| row.get(0)))
    }
}
