//! The fence: taking a database over from an executor that stopped, and checking that nobody took it from us.
//!
//! A take-over ends the old executor's sessions, waits until each is gone, then raises the epoch under the row's
//! lock. It must never wait for a lock in a queue: a queued waiter can deadlock with a concurrent index build of
//! the session that it waits for, so every wait here is a bounded poll. Tests: `tests/it/fence.rs`.

use std::time::Duration;

use async_trait::async_trait;
use segue_engine::{EngineError, ErrorKind, Fence, FenceState, Guard};
use tokio::time::{Instant, sleep};
use tokio_postgres::Client;

use crate::PostgresEngine;
use crate::control::{self, Applicant};
use crate::error::{db, sqlstate};
use crate::session::{Session, application_prefix};

/// How long a take-over tries before it gives up. The server ends an idle transaction of ours after 15 s by
/// itself; a session that still stands after twice that needs a person.
const TAKE_MAX: Duration = Duration::from_secs(30);
/// Between two looks.
const POLL: Duration = Duration::from_millis(50);

#[async_trait]
impl Fence for PostgresEngine {
    async fn state(&self) -> Result<FenceState, EngineError> {
        let session = self.read_session("fence").await?;
        let client: &Client = &session;
        let Some(control) = control::read(client).await? else {
            return Ok(FenceState { active: None, applied: Vec::new() });
        };
        let active = control.active.then_some((control.run, control.tag, control.epoch));
        Ok(FenceState { active, applied: control::applied(client).await? })
    }

    async fn take(&self, guard: &Guard) -> Result<(), EngineError> {
        let mut session = self.write_session(guard).await?;
        if !control::present(&*session.client).await? {
            return Ok(());
        }
        Applicant(guard).admitted(control::read(&*session.client).await?.as_ref())?;
        let deadline = Instant::now() + TAKE_MAX;
        loop {
            let left = end_sessions(self, &session, guard).await?;
            if left.is_empty() && try_advisory_lock(&session, guard).await? {
                let raised = raise(&mut session, guard).await;
                let unlocked = advisory_unlock(&session, guard).await;
                match raised {
                    Err(error) if error.kind == ErrorKind::LockTimeout && Instant::now() < deadline => {}
                    raised => return raised.and(unlocked),
                }
            }
            if Instant::now() >= deadline {
                return Err(still_there(&left));
            }
            sleep(POLL).await;
        }
    }

    async fn check(&self, guard: &Guard) -> Result<(), EngineError> {
        let session = self.read_session("fence").await?;
        match control::read(&*session.client).await? {
            Some(same) if same.run == guard.run && same.epoch != guard.epoch => {
                Err(control::fenced("another executor of this run took the database over"))
            }
            control => Applicant(guard).admitted(control.as_ref()),
        }
    }
}

/// Asks the server to end the run's other sessions in this database, and returns those that still stand.
async fn end_sessions(engine: &PostgresEngine, session: &Session, guard: &Guard) -> Result<Vec<i32>, EngineError> {
    let own = engine.sessions.pids();
    let rows = session
        .query(
            "select a.pid, pg_catalog.pg_terminate_backend(a.pid) from pg_catalog.pg_stat_activity a \
             where a.datname = pg_catalog.current_database() and pg_catalog.starts_with(a.application_name, $1) \
             and a.pid <> pg_catalog.pg_backend_pid() and a.pid <> all ($2)",
            &[&application_prefix(&guard.run), &own],
        )
        .await
        .map_err(db);
    match rows {
        Ok(rows) => Ok(rows.iter().map(|row| row.get(0)).collect()),
        Err(error) if sqlstate(&error) == Some("42501") => Err(EngineError::new(
            "SG-PG-021",
            ErrorKind::Permission,
            "the role may not end the sessions of this run's earlier executor, which used another role",
        )
        .help("use the same role as before, or one with pg_signal_backend")),
        Err(error) => Err(error),
    }
}

/// Raises the epoch, if no later one is there. One attempt with a short wait: a transaction of the old executor
/// that began meanwhile holds the row, and is ended in the next round.
async fn raise(session: &mut Session, guard: &Guard) -> Result<(), EngineError> {
    let pid = session.pid();
    let transaction = session.client.transaction().await.map_err(db)?;
    transaction.batch_execute("set local lock_timeout = '200ms'").await.map_err(db)?;
    transaction.query("select 1 from segue.control for update", &[]).await.map_err(db)?;
    let control = control::read(&transaction).await?;
    Applicant(guard).admitted(control.as_ref())?;
    if control.is_some_and(|control| control.run == guard.run) {
        transaction
            .execute(
                "update segue.control set epoch = $2, holder = $3, changed_at = pg_catalog.now() where run = $1 and epoch < $2",
                &[&guard.run, &control::epoch(guard), &pid],
            )
            .await
            .map_err(db)?;
    }
    transaction.commit().await.map_err(db)
}

fn still_there(pids: &[i32]) -> EngineError {
    let who = pids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let who = if who.is_empty() { "whose process could not be seen".to_owned() } else { format!("process {who}") };
    EngineError::new("SG-PG-022", ErrorKind::LockTimeout, format!("a session of this run's earlier executor does not end: {who}"))
        .help("end it on the server with pg_terminate_backend, then resume")
}

/// Takes the run's advisory lock for this session, for what cannot run in a transaction. Polls, and never queues;
/// bounded by the guard's lock time-out, but by 1 s at the least.
pub(crate) async fn advisory_lock(session: &Session, guard: &Guard) -> Result<(), EngineError> {
    let deadline = Instant::now() + Duration::from_millis(guard.lock_timeout_ms.max(1000));
    while !try_advisory_lock(session, guard).await? {
        if Instant::now() >= deadline {
            return Err(EngineError::new("SG-PG-007", ErrorKind::LockTimeout, "another session of this run is building an index"));
        }
        sleep(POLL).await;
    }
    Ok(())
}

/// One attempt to take it.
pub(crate) async fn try_advisory_lock(session: &Session, guard: &Guard) -> Result<bool, EngineError> {
    let row = session.query_one("select pg_catalog.pg_try_advisory_lock($1)", &[&advisory_key(guard)]).await.map_err(db)?;
    Ok(row.get(0))
}

/// Gives it back; the end of the session does so, too.
pub(crate) async fn advisory_unlock(session: &Session, guard: &Guard) -> Result<(), EngineError> {
    session.query_one("select pg_catalog.pg_advisory_unlock($1)", &[&advisory_key(guard)]).await.map_err(db)?;
    Ok(())
}

/// The advisory lock of a run, out of the way of small numbers that applications use.
pub(crate) fn advisory_key(guard: &Guard) -> i64 {
    control::digest_key(&format!("segue/run/{}", guard.run))
}
