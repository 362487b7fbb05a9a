//! The control tables in the database: who may write, what was applied, which rows were kept aside.
//!
//! Schema `segue`: `control` (one row: the run, its epoch), `applied`, `rejected`, and two functions by which
//! triggers on the users' tables keep a row aside or take it back, as any role. It must never let a transaction
//! through whose epoch is not the one in the table. Tests: `tests/it/control.rs`, `tests/it/fence.rs`.

use segue_engine::{EngineError, ErrorKind, Guard, PieceState};
use tokio_postgres::{GenericClient, Transaction};

use crate::PostgresEngine;
use crate::error::{db, sqlstate};
use crate::session::Session;

/// Made in one transaction; every statement may be repeated. The functions run as their owner with a fixed
/// `search_path`, because triggers on the users' tables call them as the application's role; they do nothing
/// for a run that does not hold the database.
const INSTALL: &str = r"
create schema if not exists segue;
create table if not exists segue.control (
    one boolean primary key default true check (one),
    run text not null,
    tag text not null,
    epoch bigint not null,
    spec_digest text not null,
    state text not null check (state in ('active', 'free')),
    holder integer not null,
    changed_at timestamptz not null default pg_catalog.now()
);
create table if not exists segue.applied (
    position bigint generated always as identity primary key,
    run text not null unique,
    tag text not null,
    spec_digest text not null,
    at timestamptz not null default pg_catalog.now()
);
create table if not exists segue.rejected (
    run text not null,
    relation text not null,
    key jsonb not null,
    reason text not null,
    at timestamptz not null default pg_catalog.now(),
    primary key (run, relation, key)
);
create or replace function segue.reject(run text, relation text, key jsonb, reason text) returns void
    language sql volatile security definer set search_path = pg_catalog, pg_temp as $body$
    insert into segue.rejected as r (run, relation, key, reason)
    select $1, $2, $3, $4 from segue.control c where c.run = $1 and c.state = 'active'
    on conflict on constraint rejected_pkey do update set reason = excluded.reason, at = pg_catalog.now();
$body$;
create or replace function segue.accept(run text, relation text, key jsonb) returns void
    language sql volatile security definer set search_path = pg_catalog, pg_temp as $body$
    delete from segue.rejected r
    where r.run = $1 and r.relation = $2 and r.key = $3
      and exists (select from segue.control c where c.run = $1 and c.state = 'active');
$body$;
grant usage on schema segue to public;
revoke all on segue.control, segue.applied, segue.rejected from public;
grant execute on function segue.reject(text, text, jsonb, text), segue.accept(text, text, jsonb) to public;
";

/// The one row of `segue.control`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Control {
    pub(crate) run: String,
    pub(crate) tag: String,
    pub(crate) epoch: u64,
    pub(crate) active: bool,
}

/// A number from a text, for advisory locks and shortened names: the first 8 bytes of its SHA-256.
pub(crate) fn digest_key(text: &str) -> i64 {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(text.as_bytes());
    i64::from_be_bytes(digest[..8].try_into().expect("a SHA-256 has 32 bytes"))
}

/// Whether the control table is there.
pub(crate) async fn present(client: &impl GenericClient) -> Result<bool, EngineError> {
    let row = client.query_one("select pg_catalog.to_regclass('segue.control') is not null", &[]).await.map_err(db)?;
    Ok(row.get(0))
}

/// Reads the control row, `None` without one (or without the table).
pub(crate) async fn read(client: &impl GenericClient) -> Result<Option<Control>, EngineError> {
    if !present(client).await? {
        return Ok(None);
    }
    let row = client.query_opt("select run, tag, epoch, state = 'active' from segue.control", &[]).await.map_err(db)?;
    Ok(row.map(|row| Control { run: row.get(0), tag: row.get(1), epoch: row.get::<_, i64>(2).cast_unsigned(), active: row.get(3) }))
}

/// Locks the control row `FOR SHARE` if it is of this guard's run and epoch, else fails with
/// [`ErrorKind::Fenced`].
pub(crate) async fn hold_epoch(transaction: &Transaction<'_>, guard: &Guard) -> Result<(), EngineError> {
    let held = transaction
        .query_opt("select 1 from segue.control where run = $1 and epoch = $2 and state = 'active' for share", &[&guard.run, &epoch(guard)])
        .await;
    match held.map_err(db) {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(fenced("the database is held by another run, or by a later executor of this one")),
        Err(error) if matches!(sqlstate(&error), Some("42P01" | "3F000")) => Err(fenced("the database has no control table any more")),
        Err(error) => Err(error),
    }
}

/// The error of an executor that may not write any more.
pub(crate) fn fenced(why: &str) -> EngineError {
    EngineError::new("SG-PG-014", ErrorKind::Fenced, why.to_owned())
        .help("nothing was written. See `segue status` for the run that holds the database")
}

fn held_by(other: &Control) -> EngineError {
    EngineError::new("SG-PG-020", ErrorKind::Fenced, format!("run {} holds this database", other.run))
        .help("finish it with `segue apply`, or end it with `segue abort`, before another one begins")
}

/// The guard's epoch as the table stores it.
pub(crate) fn epoch(guard: &Guard) -> i64 {
    i64::try_from(guard.epoch).expect("an epoch counts take-overs of one run and cannot reach 2^63")
}

impl Applicant<'_> {
    /// Whether a row of the table lets this guard in: free, or its own run with no later epoch.
    pub(crate) fn admitted(&self, control: Option<&Control>) -> Result<(), EngineError> {
        match control {
            Some(other) if other.active && other.run != self.0.run => Err(held_by(other)),
            Some(same) if same.run == self.0.run && same.epoch > self.0.epoch => {
                Err(fenced("a later executor of this run took the database over"))
            }
            _ => Ok(()),
        }
    }
}

/// A guard, asked about the control row.
pub(crate) struct Applicant<'a>(pub(crate) &'a Guard);

/// Makes the tables and takes the database for the guard's run. May be repeated.
pub(crate) async fn install(engine: &PostgresEngine, guard: &Guard) -> Result<(), EngineError> {
    let mut session = engine.write_session(guard).await?;
    let pid = session.pid();
    let transaction = bounded(&mut session, guard).await?;
    // Two executors that make the tables at the same moment meet here, not in a duplicate key of the catalog.
    let alone: bool =
        transaction.query_one("select pg_catalog.pg_try_advisory_xact_lock($1)", &[&digest_key("segue.control")]).await.map_err(db)?.get(0);
    if !alone {
        return Err(EngineError::new("SG-PG-007", ErrorKind::LockTimeout, "another executor is making the control tables"));
    }
    if !complete(&transaction).await? {
        transaction.batch_execute(INSTALL).await.map_err(db)?;
    }
    Applicant(guard).admitted(locked(&transaction).await?.as_ref())?;
    let already: bool =
        transaction.query_one("select exists (select from segue.applied where run = $1)", &[&guard.run]).await.map_err(db)?.get(0);
    if already {
        return Err(fenced("this run was applied to the end already"));
    }
    transaction
        .execute(
            "insert into segue.control as c (run, tag, epoch, spec_digest, state, holder) values ($1, $2, $3, $4, 'active', $5) \
             on conflict (one) do update set run = excluded.run, tag = excluded.tag, epoch = excluded.epoch, \
             spec_digest = excluded.spec_digest, state = 'active', holder = excluded.holder, changed_at = pg_catalog.now()",
            &[&guard.run, &guard.tag, &epoch(guard), &guard.spec_digest, &pid],
        )
        .await
        .map_err(db)?;
    transaction.commit().await.map_err(db)
}

/// Frees the database and forgets the run's rejected rows; removes tables and schema when no history is in them.
/// May be repeated; does nothing when another run holds the database.
pub(crate) async fn uninstall(engine: &PostgresEngine, guard: &Guard) -> Result<(), EngineError> {
    let mut session = engine.write_session(guard).await?;
    let transaction = bounded(&mut session, guard).await?;
    if !present(&transaction).await? {
        return Ok(());
    }
    let control = locked(&transaction).await?;
    if control.as_ref().is_some_and(|other| other.active && other.run != guard.run) {
        return Ok(());
    }
    Applicant(guard).admitted(control.as_ref())?;
    transaction.execute("delete from segue.rejected where run = $1", &[&guard.run]).await.map_err(db)?;
    let history: bool = transaction.query_one("select exists (select from segue.applied)", &[]).await.map_err(db)?.get(0);
    if history {
        transaction
            .execute("update segue.control set state = 'free', changed_at = pg_catalog.now() where run = $1", &[&guard.run])
            .await
            .map_err(db)?;
    } else {
        // Never with cascade: what somebody else put there stays, and the schema with it.
        transaction.batch_execute(REMOVE_TABLES).await.map_err(db)?;
        if empty(&transaction).await? {
            transaction.batch_execute("drop schema segue").await.map_err(db)?;
        }
    }
    transaction.commit().await.map_err(db)
}

const REMOVE_TABLES: &str = "drop function if exists segue.reject(text, text, jsonb, text); \
     drop function if exists segue.accept(text, text, jsonb); \
     drop table if exists segue.rejected; drop table if exists segue.applied; drop table if exists segue.control;";

/// Nothing is left in the schema.
async fn empty(client: &impl GenericClient) -> Result<bool, EngineError> {
    let row = client
        .query_one(
            "select not exists (select from pg_catalog.pg_depend d where d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass \
             and d.refobjid = pg_catalog.to_regnamespace('segue')::pg_catalog.oid and d.deptype = 'n')",
            &[],
        )
        .await
        .map_err(db)?;
    Ok(row.get(0))
}

/// Remembers the spec as applied and frees the database. May be repeated.
pub(crate) async fn finish(engine: &PostgresEngine, guard: &Guard) -> Result<(), EngineError> {
    if observe_finish(engine, guard).await? == PieceState::Present {
        return Ok(());
    }
    let mut session = engine.write_session(guard).await?;
    let transaction = bounded(&mut session, guard).await?;
    let control = locked(&transaction).await?;
    if !control.is_some_and(|control| control.active && control.run == guard.run && control.epoch == guard.epoch) {
        return Err(fenced("the database is held by another run, or by a later executor of this one"));
    }
    transaction.execute("delete from segue.rejected where run = $1", &[&guard.run]).await.map_err(db)?;
    transaction
        .execute(
            "insert into segue.applied (run, tag, spec_digest) values ($1, $2, $3) on conflict (run) do nothing",
            &[&guard.run, &guard.tag, &guard.spec_digest],
        )
        .await
        .map_err(db)?;
    transaction.execute("update segue.control set state = 'free', changed_at = pg_catalog.now()", &[]).await.map_err(db)?;
    transaction.commit().await.map_err(db)
}

/// How far [`install`] is for this guard's run. Read-only.
pub(crate) async fn observe(engine: &PostgresEngine, guard: &Guard) -> Result<PieceState, EngineError> {
    let session = engine.read_session("control").await?;
    let client: &tokio_postgres::Client = &session;
    let ours = read(client).await?.is_some_and(|control| control.active && control.run == guard.run && control.epoch == guard.epoch);
    Ok(match (ours, complete(client).await?, present(client).await?) {
        (true, true, _) => PieceState::Present,
        // Tables that hold the history of other runs are no part of this one.
        (false, true, _) | (_, _, false) => PieceState::Absent,
        _ => PieceState::Partial,
    })
}

/// Whether [`finish`] was done for this guard's run. Read-only.
pub(crate) async fn observe_finish(engine: &PostgresEngine, guard: &Guard) -> Result<PieceState, EngineError> {
    let session = engine.read_session("control").await?;
    let client: &tokio_postgres::Client = &session;
    if !present(client).await? {
        return Ok(PieceState::Absent);
    }
    let row = client.query_one("select exists (select from segue.applied where run = $1)", &[&guard.run]).await.map_err(db)?;
    Ok(if row.get(0) { PieceState::Present } else { PieceState::Absent })
}

/// Specs that were applied to the end: `(run, tag, digest)`, the latest last.
pub(crate) async fn applied(client: &impl GenericClient) -> Result<Vec<(String, String, String)>, EngineError> {
    let rows = client.query("select run, tag, spec_digest from segue.applied order by position", &[]).await.map_err(db)?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
}

/// All of [`INSTALL`] is there.
async fn complete(client: &impl GenericClient) -> Result<bool, EngineError> {
    let row = client
        .query_one(
            "select pg_catalog.to_regclass('segue.control') is not null and pg_catalog.to_regclass('segue.applied') is not null \
             and pg_catalog.to_regclass('segue.rejected') is not null \
             and pg_catalog.to_regprocedure('segue.reject(text,text,jsonb,text)') is not null \
             and pg_catalog.to_regprocedure('segue.accept(text,text,jsonb)') is not null",
            &[],
        )
        .await
        .map_err(db)?;
    Ok(row.get(0))
}

/// Opens a transaction whose lock waits are bounded by the guard.
async fn bounded<'a>(session: &'a mut Session, guard: &Guard) -> Result<Transaction<'a>, EngineError> {
    let transaction = session.client.transaction().await.map_err(db)?;
    let milliseconds = guard.lock_timeout_ms.clamp(1, 60_000);
    transaction.batch_execute(&format!("set local lock_timeout = {milliseconds}")).await.map_err(db)?;
    Ok(transaction)
}

/// Reads the control row and locks it against every other executor.
async fn locked(transaction: &Transaction<'_>) -> Result<Option<Control>, EngineError> {
    transaction.query("select 1 from segue.control for update", &[]).await.map_err(db)?;
    read(transaction).await
}
