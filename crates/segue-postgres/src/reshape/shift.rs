//! Shift: the new form becomes strict. NOT NULL of new columns by validated checks, trigger functions that refuse.
//!
//! It must never begin while a row is not converted or was kept aside. Tests: `tests/reshape/sides.rs`.

use segue_engine::quote::{name, table};
use segue_engine::{EngineError, ErrorKind, Guard, PieceState};
use segue_model::reshape::TableChange;
use tokio_postgres::GenericClient;

use crate::PostgresEngine;
use crate::reshape::names::{Names, needs_sync};
use crate::reshape::patience::Patience;
use crate::reshape::{base, expand};
use crate::session::{db, fenced};

/// New physical columns that take no NULL in the new form, each with the name of its check.
pub(crate) fn checks(change: &TableChange) -> Vec<(String, String)> {
    let names = Names::of(change);
    change
        .new
        .iter()
        .filter(|column| !column.nullable && change.up.iter().any(|derived| derived.physical == column.physical))
        .map(|column| (column.physical.clone(), names.not_null_check(&column.physical)))
        .collect()
}

pub(crate) async fn make(engine: &PostgresEngine, guard: &Guard, change: &TableChange) -> Result<(), EngineError> {
    if change.backfill {
        ready(engine, change).await?;
    }
    let mut session = engine.write_session(guard).await?;
    let path = base::path(session.schemas(), &change.table);
    let base_table = table(&change.table);
    {
        let transaction = fenced(&mut session, guard).await?;
        let patience = Patience::begin(&transaction, guard).await?;
        let there = constraints(&transaction, change).await?;
        let mut missing: Vec<String> = Vec::new();
        for (column, check) in checks(change) {
            if !there.iter().any(|(found, _)| *found == check) {
                missing.push(format!("add constraint {} check ({} is not null) not valid", name(&check), name(&column)));
            }
        }
        if !missing.is_empty() {
            patience.run(&transaction, &format!("alter table {base_table} {}", missing.join(", "))).await?;
        }
        transaction.commit().await.map_err(db)?;
    }
    for (_, check) in checks(change) {
        let transaction = fenced(&mut session, guard).await?;
        let patience = Patience::begin(&transaction, guard).await?;
        patience.run(&transaction, &format!("alter table {base_table} validate constraint {}", name(&check))).await?;
        transaction.commit().await.map_err(db)?;
    }
    if needs_sync(change) {
        let transaction = fenced(&mut session, guard).await?;
        functions(&transaction, guard, change, &path, true).await?;
        transaction.commit().await.map_err(db)?;
    }
    Ok(())
}

/// Replaces the trigger functions: no lock on the table is needed.
async fn functions(
    transaction: &tokio_postgres::Transaction<'_>,
    guard: &Guard,
    change: &TableChange,
    path: &str,
    strict: bool,
) -> Result<(), EngineError> {
    let before = base::read(transaction, &change.table).await?;
    let mut sync = expand::sync_of(change, guard, &before, strict);
    let after = Names::of(change).function("after");
    let row = transaction.query_one("select pg_catalog.to_regproc($1) is not null", &[&table(&after)]).await.map_err(db)?;
    sync.two_passes = row.get(0);
    let sql = format!("set local search_path = {path}; set local check_function_bodies = off;\n{}", sync.functions(path));
    transaction.batch_execute(&sql).await.map_err(db)?;
    let comment = if strict { "'segue: strict'" } else { "null" };
    let update = table(&Names::of(change).function("update"));
    transaction.batch_execute(&format!("comment on function {update}() is {comment}")).await.map_err(db)
}

async fn ready(engine: &PostgresEngine, change: &TableChange) -> Result<(), EngineError> {
    if !needs_sync(change) {
        return Ok(());
    }
    let session = engine.read_session("shift").await?;
    let side = name(&Names::of(change).side);
    let row = session
        .query_one(
            &format!(
                "select count(*) filter (where ({side} & 7) = 3), count(*) filter (where ({side} & 7) not in (2, 3)) \
                 from only {} where {side} <> 2",
                table(&change.table)
            ),
            &[],
        )
        .await
        .map_err(db)?;
    let (aside, open): (i64, i64) = (row.get(0), row.get(1));
    if aside == 0 && open == 0 {
        return Ok(());
    }
    Err(EngineError::new(
        "SG-PG-140",
        ErrorKind::Constraint,
        format!("table {}: rows not converted: {open}, kept aside: {aside}; the new form cannot become strict", change.table),
    )
    .help("both forms still work. Correct the rows kept aside (see `segue status`), then run `segue apply` again"))
}

/// Our checks on the table: `(name, validated)`.
async fn constraints(client: &impl GenericClient, change: &TableChange) -> Result<Vec<(String, bool)>, EngineError> {
    let rows = client
        .query(
            "select c.conname::text, c.convalidated from pg_catalog.pg_constraint c where c.conrelid = pg_catalog.to_regclass($1) and c.contype = 'c'",
            &[&table(&change.table)],
        )
        .await
        .map_err(db)?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

pub(crate) async fn observe(engine: &PostgresEngine, change: &TableChange) -> Result<PieceState, EngineError> {
    let session = engine.read_session("shift").await?;
    let client: &tokio_postgres::Client = &session;
    let found = constraints(client, change).await?;
    let wanted = checks(change);
    let mut whole: Vec<bool> = wanted.iter().map(|(_, check)| found.iter().any(|(name, valid)| name == check && *valid)).collect();
    let mut begun: Vec<bool> = wanted.iter().map(|(_, check)| found.iter().any(|(name, _)| name == check)).collect();
    if needs_sync(change) {
        let row = client
            .query_one(
                "select coalesce(pg_catalog.obj_description(pg_catalog.to_regproc($1), 'pg_proc') = 'segue: strict', false)",
                &[&table(&Names::of(change).function("update"))],
            )
            .await
            .map_err(db)?;
        let strict: bool = row.get(0);
        whole.push(strict);
        begun.push(strict);
    }
    Ok(if whole.iter().all(|there| *there) {
        PieceState::Present
    } else if begun.iter().any(|there| *there) {
        PieceState::Partial
    } else {
        PieceState::Absent
    })
}

pub(crate) async fn unmake(engine: &PostgresEngine, guard: &Guard, change: &TableChange) -> Result<(), EngineError> {
    let mut session = engine.write_session(guard).await?;
    let path = base::path(session.schemas(), &change.table);
    let transaction = fenced(&mut session, guard).await?;
    let found = constraints(&transaction, change).await?;
    let gone: Vec<String> = checks(change)
        .into_iter()
        .filter(|(_, check)| found.iter().any(|(name, _)| name == check))
        .map(|(_, check)| format!("drop constraint {}", name(&check)))
        .collect();
    if !gone.is_empty() {
        let patience = Patience::begin(&transaction, guard).await?;
        patience.run(&transaction, &format!("alter table {} {}", table(&change.table), gone.join(", "))).await?;
    }
    let update = table(&Names::of(change).function("update"));
    let there: bool = transaction.query_one("select pg_catalog.to_regproc($1) is not null", &[&update]).await.map_err(db)?.get(0);
    if there {
        functions(&transaction, guard, change, &path, false).await?;
    }
    transaction.commit().await.map_err(db)
}
