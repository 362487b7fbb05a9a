//! Figures: rows kept aside, the server's load, sizes, and what going back would lose.
//!
//! Everything here only reads. Tests: `tests/reshape/create.rs`.

use std::collections::BTreeMap;

use segue_engine::quote::{name, table};
use segue_engine::{EngineError, Guard, Load, Loss, Rejected};
use segue_model::ident::TableName;
use segue_model::reshape::{NewTable, Role, TableChange};
use tokio_postgres::GenericClient;

use crate::PostgresEngine;
use crate::reshape::base;
use crate::reshape::compose::{self, Source};
use crate::reshape::keys::Walk;
use crate::reshape::names::{Names, needs_sync};
use crate::session::db;

/// The most rows that are counted for a loss; more is said as "more than".
const COUNT_MAX: i64 = 100_000;
const EXAMPLES_MAX: i64 = 10;

/// Rows kept aside: those listed whose row is still there and still aside. A listed row that a client corrected or
/// deleted, or an insert that met a conflict, does not count.
pub(crate) async fn rejected(engine: &PostgresEngine, change: &TableChange) -> Result<Rejected, EngineError> {
    let none = Rejected { count: 0, examples: Vec::new() };
    if !needs_sync(change) || change.key.is_empty() {
        return Ok(none);
    }
    let session = engine.read_session("rejected").await?;
    let client: &tokio_postgres::Client = &session;
    let names = Names::of(change);
    let Some(before) = base::find(client, &change.table).await? else { return Ok(none) };
    if !before.has(&names.side) || !base::relation(client, &TableName::new("segue", "rejected")).await? {
        return Ok(none);
    }
    let walk = Walk::of(change, &before)?;
    let found = format!(
        "from (select distinct on (r.key) r.key, r.reason from segue.rejected r where r.relation = $1 order by r.key, r.at desc) r \
         where exists (select from only {} as t where {} and (t.{} & 7) = 3)",
        table(&change.table),
        walk.equals_json("t", "r.key"),
        name(&names.side)
    );
    let relation = table(&change.table);
    let count: i64 = client.query_one(&format!("select count(*) {found}"), &[&relation]).await.map_err(db)?.get(0);
    let rows =
        client.query(&format!("select r.key, r.reason {found} order by r.key limit {EXAMPLES_MAX}"), &[&relation]).await.map_err(db)?;
    let examples = rows.iter().map(|row| (Walk::show(change, &row.get(0)), row.get(1))).collect();
    Ok(Rejected { count: count.cast_unsigned(), examples })
}

/// About how many rows the table has, by the server's statistics; counted where it has none yet.
pub(crate) async fn row_estimate(client: &impl GenericClient, of: &TableName) -> Result<u64, EngineError> {
    let row = client
        .query_opt(
            "select c.reltuples::float8, pg_catalog.pg_relation_size(c.oid) from pg_catalog.pg_class c where c.oid = pg_catalog.to_regclass($1)",
            &[&table(of)],
        )
        .await
        .map_err(db)?;
    let Some(row) = row else { return Ok(0) };
    let (tuples, bytes): (f64, i64) = (row.get(0), row.get(1));
    if tuples > 0.0 {
        return Ok(tuples as u64);
    }
    if bytes == 0 {
        return Ok(0);
    }
    // Never analysed: the server's planner guesses from the table's pages as we do not have to.
    let row = client.query_one(&format!("explain (format json) select from only {}", table(of)), &[]).await.map_err(db)?;
    let plan: serde_json::Value = row.get(0);
    Ok(plan.pointer("/0/Plan/Plan Rows").and_then(serde_json::Value::as_u64).unwrap_or_default())
}

/// `(rows, bytes with indexes)`.
pub(crate) async fn size(client: &impl GenericClient, of: &TableName) -> Result<(u64, u64), EngineError> {
    let row = client
        .query_one("select coalesce(pg_catalog.pg_total_relation_size(pg_catalog.to_regclass($1)), 0)", &[&table(of)])
        .await
        .map_err(db)?;
    Ok((row_estimate(client, of).await?, row.get::<_, i64>(0).cast_unsigned()))
}

/// What the server carries now.
pub(crate) async fn load(engine: &PostgresEngine) -> Result<Load, EngineError> {
    let session = engine.read_session("load").await?;
    let row = session
        .query_one(
            "select count(*) filter (where state = 'active' and backend_type = 'client backend' and pid <> pg_catalog.pg_backend_pid()), \
               count(*) filter (where backend_type = 'client backend') from pg_catalog.pg_stat_activity",
            &[],
        )
        .await
        .map_err(db)?;
    let figures = BTreeMap::from([
        ("threads_running".to_owned(), row.get::<_, i64>(0).cast_unsigned()),
        ("connections".to_owned(), row.get::<_, i64>(1).cast_unsigned()),
    ]);
    // An idle replica that has everything reports no lag; one that is not streaming reports none either.
    let row = session
        .query_one(
            "select (pg_catalog.date_part('epoch', max(case when state = 'streaming' then coalesce(replay_lag, interval '0') end)) * 1000)::float8 \
             from pg_catalog.pg_stat_replication",
            &[],
        )
        .await
        .map_err(db)?;
    let lag: Option<f64> = row.get(0);
    let wal: i64 = session
        .query_one(
            "select case when pg_catalog.pg_is_in_recovery() then 0 else coalesce((select max(pg_catalog.pg_wal_lsn_diff(\
               pg_catalog.pg_current_wal_lsn(), restart_lsn)) from pg_catalog.pg_replication_slots), 0) end::bigint",
            &[],
        )
        .await
        .map_err(db)?
        .get(0);
    Ok(Load { replication_lag_ms: lag.map(|lag| lag as u64), figures, wal_bytes: wal.max(0).cast_unsigned() })
}

/// What going back to the old form would lose.
pub(crate) async fn loss(
    engine: &PostgresEngine,
    guard: &Guard,
    changes: &[TableChange],
    created: &[NewTable],
) -> Result<Loss, EngineError> {
    let mut session = engine.read_session(&guard.step).await?;
    let schemas = session.schemas().to_vec();
    let mut out = Loss::default();
    for new in created {
        let client: &tokio_postgres::Client = &session;
        if !base::relation(client, &new.table).await? {
            continue;
        }
        let sql = format!("select count(*) from (select from {} limit {}) as counted", table(&new.table), COUNT_MAX + 1);
        let count: i64 = client.query_one(&sql, &[]).await.map_err(db)?.get(0);
        if count > 0 {
            out.rows += count.cast_unsigned();
            out.what.push(format!("{} of table {}, which the old form does not have", words(count, "row"), new.table));
        }
    }
    for change in changes {
        let before = base::find(&*session.client, &change.table).await?;
        let Some(before) = before.filter(|before| before.has(&Names::of(change).side)) else { continue };
        for derived in change.up.iter().filter(|derived| derived.role == Role::Added && before.has(&derived.physical)) {
            let transaction = session.client.build_transaction().read_only(true).start().await.map_err(db)?;
            let path = base::path(&schemas, &change.table);
            transaction.batch_execute(&format!("set local search_path = {path}")).await.map_err(db)?;
            let given = given_values(&transaction, change, &derived.physical, &derived.column).await?;
            transaction.rollback().await.map_err(db)?;
            if given > 0 {
                out.values += given.cast_unsigned();
                let values = words(given, "value");
                out.what.push(format!("{values} of column {} of {}, which the old form does not have", derived.column, change.table));
            }
        }
    }
    Ok(out)
}

fn words(count: i64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ if count > COUNT_MAX => format!("more than {COUNT_MAX} {what}s"),
        _ => format!("{count} {what}s"),
    }
}

/// Values of an added column that `up` does not give: a writer of the new form gave them. Where `up` fails for some
/// row, every value counts.
async fn given_values(
    transaction: &tokio_postgres::Transaction<'_>,
    change: &TableChange,
    physical: &str,
    column: &str,
) -> Result<i64, EngineError> {
    let stored = format!("t.{}", name(physical));
    let leaf = |physical: &str| format!("t.{}", name(physical));
    let extra = [(stored.as_str(), "segue_stored")];
    let tail = format!("from only {} as t where {stored} is not null", table(&change.table));
    let form = compose::new_form(change, &Source { leaf: &leaf, tail: &tail, extra: &extra });
    let data_type = change.new.iter().find(|form| form.name == *column).map(|form| form.data_type.clone()).unwrap_or_default();
    let sql = format!(
        "select count(*) from (select from ({form}) as u where row(u.segue_stored)::record operator(pg_catalog.*<>) \
         row((u.{})::{data_type})::record limit {}) as counted",
        name(column),
        COUNT_MAX + 1
    );
    transaction.batch_execute("savepoint segue_loss").await.map_err(db)?;
    if let Ok(row) = transaction.query_one(&sql, &[]).await {
        return Ok(row.get(0));
    }
    transaction.batch_execute("rollback to savepoint segue_loss").await.map_err(db)?;
    let sql = format!("select count(*) from (select {tail} limit {}) as counted", COUNT_MAX + 1);
    Ok(transaction.query_one(&sql, &[]).await.map_err(db)?.get(0))
}
