//! The fence: taking a database over from an executor that stopped, and checking that nobody took it from us.
//!
//! Each writing session holds a named lock of its run: the server knows by it which connection that is, for as long as
//! it lives and no longer. A take-over ends those connections, waits until they are gone, then raises the epoch under
//! the row's lock. A transaction that slipped through meanwhile fails by its epoch. Tests: `tests/it/fence.rs`.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use segue_engine::{EngineError, ErrorKind, Fence, FenceState, Guard};
use tokio::time::{Instant, sleep};

use crate::MysqlEngine;
use crate::control;
use crate::session::{Purpose, Session};

/// How long a take-over tries before it gives up. The server ends an idle transaction of ours after 15 s by itself.
const TAKE_MAX: Duration = Duration::from_secs(30);
/// Between two looks.
const POLL: Duration = Duration::from_millis(50);
/// Writing sessions of one run in one database, at the most.
const SLOTS: usize = 32;

/// Connections of this process that write: a take-over leaves them alone.
pub(crate) type Own = Arc<Mutex<BTreeSet<u32>>>;

/// A session that may write, known to the server by its run.
pub(crate) struct Writer {
    /// The session. A transaction begins by [`Writer::begin`].
    pub(crate) session: Session,
    own: Own,
}

impl Writer {
    /// Connects. A lock is waited for as long as the guard says, but a second at the least.
    pub(crate) async fn open(engine: &MysqlEngine, guard: &Guard) -> Result<Self, EngineError> {
        let seconds = guard.lock_timeout_ms.div_ceil(1000);
        let mut session = Session::open(&engine.target, Purpose::Write(seconds)).await?;
        for name in locks(&session.database, &guard.run) {
            if session.rows("SELECT GET_LOCK(?, 0)", (name,)).await?.first().is_some_and(|row| row.yes(0)) {
                engine.writers.lock().unwrap_or_else(PoisonError::into_inner).insert(session.conn.id());
                return Ok(Self { session, own: Arc::clone(&engine.writers) });
            }
        }
        session.close().await;
        Err(EngineError::new("SG-MY-015", ErrorKind::Resources, format!("this run has {SLOTS} writing sessions in the database already")))
    }

    /// Begins a transaction that this guard may write in: it holds the epoch until it ends. After an error it is
    /// rolled back.
    pub(crate) async fn begin(&mut self, guard: &Guard) -> Result<(), EngineError> {
        self.session.run("START TRANSACTION READ WRITE").await?;
        let held = control::hold_epoch(&mut self.session, guard).await;
        if held.is_err() {
            // What could not be rolled back ends with the connection.
            let _ = self.rollback().await;
        }
        held
    }

    /// Commits.
    pub(crate) async fn commit(&mut self) -> Result<(), EngineError> {
        self.session.run("COMMIT").await
    }

    /// Rolls back.
    pub(crate) async fn rollback(&mut self) -> Result<(), EngineError> {
        self.session.run("ROLLBACK").await
    }

    /// Ends the session; what was not committed is gone.
    pub(crate) async fn close(self) {
        let Self { session, own } = self;
        let id = session.conn.id();
        session.close().await;
        own.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

/// The names of a run's locks in a database. A server has them in common for all its databases.
fn locks(database: &str, run: &str) -> impl Iterator<Item = String> + use<> {
    let key = segue_engine::rows::hash(format!("{database}\0{run}").as_bytes());
    (0..SLOTS).map(move |slot| format!("segue/{key:032x}/{slot}"))
}

#[async_trait]
impl Fence for MysqlEngine {
    async fn state(&self) -> Result<FenceState, EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let control = control::read(&mut session).await;
        session.close().await;
        let active = control?.filter(|control| control.active).map(|control| (control.run, control.tag, control.epoch));
        Ok(FenceState { active, applied: Vec::new() })
    }

    async fn take(&self, guard: &Guard) -> Result<(), EngineError> {
        let mut writer = Writer::open(self, guard).await?;
        let taken = take(self, &mut writer, guard).await;
        writer.close().await;
        taken
    }

    async fn check(&self, guard: &Guard) -> Result<(), EngineError> {
        let mut session = Session::open(&self.target, Purpose::Read).await?;
        let control = control::read(&mut session).await;
        session.close().await;
        match control? {
            Some(same) if same.run == guard.run && same.epoch != guard.epoch => {
                Err(control::fenced("another executor of this run took the database over"))
            }
            control => control::admitted(guard, control.as_ref()),
        }
    }
}

async fn take(engine: &MysqlEngine, writer: &mut Writer, guard: &Guard) -> Result<(), EngineError> {
    let session = &mut writer.session;
    if !control::present(session).await? {
        return Ok(());
    }
    control::admitted(guard, control::read(session).await?.as_ref())?;
    session.run("SET SESSION innodb_lock_wait_timeout = 1").await?;
    let deadline = Instant::now() + TAKE_MAX;
    loop {
        let left = end_sessions(engine, session, guard).await?;
        if left.is_empty() {
            match raise(session, guard).await {
                Err(error) if error.kind == ErrorKind::LockTimeout && Instant::now() < deadline => {}
                raised => return raised,
            }
        }
        if Instant::now() >= deadline {
            return Err(still_there(&left));
        }
        sleep(POLL).await;
    }
}

/// Asks the server to end the run's other sessions in this database, and returns those that still stand.
async fn end_sessions(engine: &MysqlEngine, session: &mut Session, guard: &Guard) -> Result<Vec<u64>, EngineError> {
    let own = engine.writers.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut left = Vec::new();
    for name in locks(&session.database.clone(), &guard.run) {
        let holder = session.rows("SELECT IS_USED_LOCK(?)", (name,)).await?.first().and_then(|row| row.number(0));
        let Some(id) = holder.filter(|id| !u32::try_from(*id).is_ok_and(|id| own.contains(&id))) else { continue };
        left.push(id);
        if let Err(error) = session.run(&format!("KILL CONNECTION {id}")).await {
            match error.code {
                // It ended by itself.
                "SG-MY-024" => {}
                "SG-MY-021" => {
                    return Err(error.help("use the same account as before, or one that may end connections of others"));
                }
                _ => return Err(error),
            }
        }
    }
    Ok(left)
}

/// Raises the epoch, if no later one is there. A transaction of the old executor that holds the row is ended in the
/// next round.
async fn raise(session: &mut Session, guard: &Guard) -> Result<(), EngineError> {
    session.run("START TRANSACTION READ WRITE").await?;
    let raised = raise_row(session, guard).await;
    let ended = session.run(if raised.is_ok() { "COMMIT" } else { "ROLLBACK" }).await;
    raised.and(ended)
}

async fn raise_row(session: &mut Session, guard: &Guard) -> Result<(), EngineError> {
    let control = control::locked(session).await?;
    control::admitted(guard, control.as_ref())?;
    if control.is_some_and(|control| control.run == guard.run) {
        let sql = "UPDATE segue_control SET epoch = ? WHERE run = ? AND epoch < ?";
        session.rows(sql, (guard.epoch, guard.run.clone(), guard.epoch)).await?;
    }
    Ok(())
}

fn still_there(ids: &[u64]) -> EngineError {
    let who = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let who = if who.is_empty() { "which could not be seen".to_owned() } else { format!("connection {who}") };
    EngineError::new("SG-MY-022", ErrorKind::LockTimeout, format!("a session of this run's earlier executor does not end: {who}"))
        .help("end it on the server with KILL, then resume")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_names_its_run_and_database_and_fits() {
        let first: Vec<String> = locks("shop", "r1").collect();
        assert_eq!((first.len(), first.iter().collect::<BTreeSet<_>>().len()), (SLOTS, SLOTS));
        assert!(first.iter().all(|name| name.len() <= 64));
        assert!(!locks("shop", "r2").any(|name| first.contains(&name)));
        assert!(!locks("other", "r1").any(|name| first.contains(&name)));
    }

    fn guard(run: &str, epoch: u64) -> Guard {
        let text = |text: &str| text.to_owned();
        Guard { run: text(run), tag: text("t"), step: text("repair"), epoch, lock_timeout_ms: 1000, spec_digest: text("d") }
    }

    /// Run against a server where there is one: writers are no door of this crate.
    #[tokio::test]
    async fn a_stopped_writer_is_ended_and_never_writes_again() {
        use crate::private_server::{PrivateServer, find_programs};
        let Some(programs) = find_programs(None) else { return };
        let server = PrivateServer::start(&programs).expect("started");
        let engine = || {
            let target = crate::Target::parse(&server.url_of("mysql"), &std::collections::BTreeMap::new());
            MysqlEngine::new(target.expect("a good URL"))
        };
        // Two processes with an engine each.
        let (old, new) = (engine(), engine());
        control::install(&old, &guard("r", 1)).await.expect("installed");
        control::install(&old, &guard("r", 1)).await.expect("and again");
        let mut writer = Writer::open(&old, &guard("r", 1)).await.expect("a writer");
        writer.session.run("CREATE TABLE test_written (a int primary key) ENGINE = InnoDB").await.expect("made");
        writer.begin(&guard("r", 1)).await.expect("it holds the database");
        writer.session.run("INSERT INTO test_written VALUES (1)").await.expect("written");
        assert_eq!(control::install(&new, &guard("other", 1)).await.expect_err("held").code, "SG-MY-007", "the row is locked");
        new.take(&guard("r", 2)).await.expect("taken over");
        let error = writer.commit().await.expect_err("its session was ended");
        assert_eq!(error.kind, ErrorKind::Connection, "{error}");
        writer.close().await;
        let mut revived = Writer::open(&old, &guard("r", 1)).await.expect("a session is free");
        let error = revived.begin(&guard("r", 1)).await.expect_err("its epoch is over");
        assert_eq!((error.code, error.kind), ("SG-MY-014", ErrorKind::Fenced));
        let rows = revived.session.rows("SELECT COUNT(*) FROM test_written", ()).await.expect("a count");
        assert_eq!(rows[0].number(0), Some(0), "what was not committed is gone");
        revived.close().await;
        assert_eq!(control::install(&new, &guard("other", 1)).await.expect_err("held").code, "SG-MY-023");
        let mut writer = Writer::open(&new, &guard("r", 2)).await.expect("a writer");
        writer.begin(&guard("r", 2)).await.expect("it holds the database");
        // A take-over by the same process leaves its own sessions alone; the row waits for their transactions.
        writer.session.run("INSERT INTO test_written VALUES (2)").await.expect("written");
        writer.commit().await.expect("committed");
        writer.close().await;
        assert!(new.writers.lock().expect("a lock").is_empty());
        control::uninstall(&new, &guard("other", 1)).await.expect("another's run is left alone");
        assert_eq!(control::uninstall(&old, &guard("r", 1)).await.expect_err("its epoch is over").code, "SG-MY-014");
        assert!(new.state().await.expect("a state").active.is_some());
        control::uninstall(&new, &guard("r", 2)).await.expect("gone");
        assert_eq!(new.state().await.expect("a state").active, None);
        control::uninstall(&new, &guard("r", 2)).await.expect("and again");
        let mut late = Writer::open(&old, &guard("r", 2)).await.expect("a session");
        assert_eq!(late.begin(&guard("r", 2)).await.expect_err("no table").code, "SG-MY-014");
        late.close().await;
    }
}
