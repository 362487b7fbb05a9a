//! What a spec makes new, put to the server before anything is touched: the types, defaults and checks of new tables,
//! the columns, expressions and conditions of new indexes.
//!
//! It must never make anything. Tests: `tests/reshape/judge.rs`.

use segue_engine::EngineError;
use segue_model::finding::Finding;
use segue_model::ident::TableName;
use segue_model::reshape::{IndexBuild, IndexSource, NewTable, TableChange};
use tokio_postgres::Statement;

use crate::PostgresEngine;
use crate::reshape::base;
use crate::reshape::survey::judge::{Judge, Leaves};
use crate::reshape::survey::{checks, critical, index};
use crate::session::db;

/// One finding for each part that the server would refuse.
pub(crate) async fn look(
    engine: &PostgresEngine,
    created: &[NewTable],
    indexes: &[IndexBuild],
    changes: &[TableChange],
) -> Result<Vec<Finding>, EngineError> {
    let mut out = Vec::new();
    if created.is_empty() && indexes.iter().all(|build| !matches!(build.source, IndexSource::Define { .. })) {
        return Ok(out);
    }
    let mut session = engine.read_session("survey").await?;
    let schemas = session.schemas().to_vec();
    let transaction = session.client.build_transaction().read_only(true).start().await.map_err(db)?;
    for new in created {
        let path = base::path(&schemas, &new.table);
        table(&Judge { transaction: &transaction, path: &path }, new, &mut out).await?;
    }
    for build in indexes {
        let IndexSource::Define { define, .. } = &build.source else { continue };
        let path = base::path(&schemas, &build.table);
        let judge = Judge { transaction: &transaction, path: &path };
        let Some(columns) = columns(&judge, &build.table, created, changes).await? else { continue };
        if let Err(message) = index::wanted(&judge, &build.table.name, &columns, define).await? {
            out.push(critical(
                "SG-PG-135",
                format!("index {} of {}", build.name, build.table),
                format!("the server would not build it: {message}"),
                "correct its columns, expressions or condition",
            ));
        }
    }
    transaction.rollback().await.map_err(db)?;
    Ok(out)
}

/// The columns over which an index of this table stands; `None` when one of their types is a finding of its own.
async fn columns(judge: &Judge<'_>, of: &TableName, created: &[NewTable], changes: &[TableChange]) -> Result<Option<Leaves>, EngineError> {
    let columns: Leaves = if let Some(new) = created.iter().find(|new| new.table == *of) {
        new.define.columns.0.iter().map(|(column, what)| (column.clone(), plain(&what.data_type).to_owned())).collect()
    } else if let Some(change) = changes.iter().find(|change| change.table == *of) {
        change.new.iter().map(|column| (column.name.clone(), column.data_type.clone())).collect()
    } else {
        let Some(base) = base::find(judge.transaction, of).await? else { return Ok(None) };
        base.columns.iter().map(|column| (column.name.clone(), column.data_type.clone())).collect()
    };
    for (_, data_type) in &columns {
        if judge.data_type(data_type).await?.is_err() {
            return Ok(None);
        }
    }
    Ok(Some(columns))
}

/// The type that a serial column really has.
fn plain(data_type: &str) -> &str {
    match data_type.trim().to_lowercase().as_str() {
        "serial" | "serial4" => "integer",
        "bigserial" | "serial8" => "bigint",
        "smallserial" | "serial2" => "smallint",
        _ => data_type,
    }
}

async fn table(judge: &Judge<'_>, new: &NewTable, out: &mut Vec<Finding>) -> Result<(), EngineError> {
    let define = &new.define;
    let found = out.len();
    for (column, what) in &define.columns.0 {
        let object = format!("column {column} of {}", new.table);
        let data_type = plain(&what.data_type);
        let of = match judge.data_type(data_type).await? {
            Ok(of) => of,
            Err(message) => {
                let message = format!("its type is not understood: {message}");
                out.push(critical("SG-PG-117", object, message, "write a type of this server"));
                continue;
            }
        };
        let Some(default) = &what.default else { continue };
        let select = format!("select (\n{default}\n) as c");
        let tried = match one_value(judge, &new.table.name, &select, default).await? {
            Err(message) => Err(format!("the server does not understand its default: {message}")),
            Ok(statement) => {
                let fits = judge.fits(&select, &statement, data_type, of).await?;
                fits.map_err(|message| format!("the type of its default does not fit the column: {message}"))
            }
        };
        if let Err(message) = tried {
            out.push(critical("SG-PG-117", object, message, "write a default of the column's type, over no column"));
        }
    }
    if out.len() > found {
        return Ok(());
    }
    let columns: Leaves = define.columns.0.iter().map(|(column, what)| (column.clone(), plain(&what.data_type).to_owned())).collect();
    let of_columns = define.columns.0.iter().filter_map(|(column, what)| Some((column, what.check.as_ref()?)));
    for (of, check) in of_columns.chain(&define.checks) {
        if let Err(message) = checks::condition(judge, &new.table.name, &columns, check).await? {
            out.push(critical(
                "SG-PG-117",
                format!("check `{of}` of {}", new.table),
                format!("the server does not understand it: {message}"),
                "write a condition over the table's columns",
            ));
        }
    }
    keys(judge, new, &columns, out).await
}

/// A default: understood, over no column, one value, and no select of its own.
async fn one_value(judge: &Judge<'_>, table: &str, select: &str, default: &str) -> Result<Result<Statement, String>, EngineError> {
    let statement = match judge.parse(select).await? {
        Err(message) => return Ok(Err(message)),
        Ok(statement) => statement,
    };
    // Where a condition stands, the server takes neither several values nor a value of several rows.
    if judge.parse(&format!("select from (select) as segue_one where (\n{default}\n) is null")).await?.is_err() {
        return Ok(Err("it is several values, or a value of several rows".to_owned()));
    }
    Ok(match judge.selects(table, &Leaves::new(), default).await? {
        Ok(true) => Err("cannot use subquery in a default".to_owned()),
        Ok(false) => Ok(statement),
        Err(message) => Err(message),
    })
}

/// The columns of keys and unique constraints must have an order.
async fn keys(judge: &Judge<'_>, new: &NewTable, columns: &Leaves, out: &mut Vec<Finding>) -> Result<(), EngineError> {
    let define = &new.define;
    let alone = define.columns.0.iter().filter(|(_, what)| what.primary_key || what.unique).map(|(column, _)| column);
    for column in alone.chain(&define.primary_key).chain(define.unique.iter().flatten()) {
        let Some((_, data_type)) = columns.iter().find(|(name, _)| name == column) else { continue };
        let Ok(of) = judge.data_type(data_type).await? else { continue };
        if !judge.indexable(of.oid, "btree", None).await? {
            out.push(critical(
                "SG-PG-117",
                format!("column {column} of {}", new.table),
                format!("values of type {data_type} have no order, and cannot be unique or a key"),
                "choose another type, or another column",
            ));
        }
    }
    Ok(())
}
