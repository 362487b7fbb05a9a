//! The journal in one SQLite file, `<state-dir>/journal.db`, the default store.
//!
//! WAL. A transition is committed with `synchronous=FULL` and survives a power cut once the call returns; a
//! checkpoint is committed without a sync and may be lost with those after it, never out of order. The head of
//! each run stands in its row and is written in the same transaction as the entry, so that a lost tail shows.
//! Tests: `tests/it/damage.rs`, `tests/it/store.rs`; `examples/append_bench.rs` measures it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior, params};
use segue_model::event::{Entry, Event, JOURNAL_VERSION, Outcome};
use segue_model::plan::Plan;

use crate::error::JournalError;
use crate::lease::{self, Lease};
use crate::store::chain::{self, Head, Sealed};
use crate::store::memory::{first_event, outcome_name};
use crate::store::{Append, JournalStore, OpenMode, PendingRequest, Request, RunSummary};

/// `application_id` of the file: "SGJR".
const APPLICATION_ID: i64 = 0x5347_4A52;
/// How long a call waits for another process's short transaction.
const BUSY_MS: u64 = 5_000;

const SCHEMA: &str = "
create table runs (
  n integer primary key, run text not null unique, id text not null, plan_digest text not null,
  started_at_ms integer not null, ended text, head_seq integer not null, head_hash text not null) strict;
create table entries (
  run integer not null references runs (n), seq integer not null, body blob not null, prev_hash text not null,
  hash text not null, primary key (run, seq)) strict, without rowid;
create table lease (
  run integer primary key references runs (n), holder text not null, epoch integer not null, expires_at_ms integer not null) strict;
create table requests (
  id integer primary key autoincrement, run integer not null references runs (n), kind text not null, by text not null, at integer not null) strict;
";

/// The store in a file.
#[derive(Debug)]
pub struct SqliteStore {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    db: Connection,
    /// What `synchronous` is now: FULL or not.
    full: bool,
}

fn failed(doing: &'static str) -> impl Fn(rusqlite::Error) -> JournalError {
    move |error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => JournalError::Busy { doing },
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => JournalError::NotAJournal { why: error.to_string() },
        _ => match error {
            rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..) => {
                JournalError::NotAJournal { why: "a column holds what it never should".to_owned() }
            }
            other => JournalError::Io { doing, why: other.to_string() },
        },
    }
}

impl SqliteStore {
    /// Opens the journal of a state directory. `Write` creates both; `Read` never does.
    pub fn open(dir: &Path, mode: OpenMode) -> Result<Self, JournalError> {
        let path = dir.join("journal.db");
        let there = path.exists();
        if mode == OpenMode::Read && !there {
            return Err(JournalError::None { dir: dir.display().to_string() });
        }
        if mode == OpenMode::Write && !there {
            make_dir(dir)?;
        }
        let connect = |flags: OpenFlags| {
            let db = Connection::open_with_flags(&path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(failed("opened"))?;
            db.busy_timeout(Duration::from_millis(BUSY_MS)).map_err(failed("opened"))?;
            Ok(db)
        };
        let mut db = match mode {
            OpenMode::Read => connect(OpenFlags::SQLITE_OPEN_READ_ONLY)?,
            OpenMode::Write => connect(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?,
        };
        if mode == OpenMode::Read && is_torn(&db) {
            // Who was killed in a write left it half done. SQLite takes that back at the first look that may write.
            db = connect(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        }
        if mode == OpenMode::Write {
            prepare(&mut db)?;
        } else if is_hollow(&db)? {
            return Err(JournalError::None { dir: dir.display().to_string() });
        }
        check_version(&db)?;
        Ok(Self { inner: Mutex::new(Inner { db, full: true }) })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One synced write transaction on a run.
    fn write<T>(&self, run: &str, sync: bool, f: impl FnOnce(&Transaction<'_>, i64) -> Result<T, JournalError>) -> Result<T, JournalError> {
        let mut inner = self.lock();
        inner.set_sync(sync)?;
        let tx = inner.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed("written"))?;
        let n = run_number(&tx, run)?;
        let value = f(&tx, n)?;
        tx.commit().map_err(failed("written"))?;
        Ok(value)
    }
}

impl Inner {
    fn set_sync(&mut self, full: bool) -> Result<(), JournalError> {
        if self.full != full {
            let pragma = if full { "pragma synchronous = full" } else { "pragma synchronous = normal" };
            self.db.execute_batch(pragma).map_err(failed("written"))?;
            self.full = full;
        }
        Ok(())
    }
}

fn make_dir(dir: &Path) -> Result<(), JournalError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(dir).map_err(|error| JournalError::Io { doing: "opened", why: error.to_string() })
}

fn prepare(db: &mut Connection) -> Result<(), JournalError> {
    let doing = failed("opened");
    let version = |db: &Connection| db.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
    if version(db).map_err(&doing)? == 0 {
        db.pragma_update(None, "journal_mode", "wal").map_err(&doing)?;
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&doing)?;
        let tables: i64 = tx.query_row("select count(*) from sqlite_schema", [], |row| row.get(0)).map_err(&doing)?;
        if version(&tx).map_err(&doing)? == 0 && tables == 0 {
            tx.execute_batch(SCHEMA).map_err(&doing)?;
            tx.pragma_update(None, "application_id", APPLICATION_ID).map_err(&doing)?;
            tx.pragma_update(None, "user_version", JOURNAL_VERSION).map_err(&doing)?;
        }
        tx.commit().map_err(&doing)?;
    }
    db.execute_batch("pragma synchronous = full").map_err(&doing)
}

/// A reader cannot look before somebody who may write has.
fn is_torn(db: &Connection) -> bool {
    let looked = db.query_row("select count(*) from sqlite_schema", [], |_| Ok(()));
    looked.is_err_and(|error| error.sqlite_error_code() == Some(ErrorCode::ReadOnly))
}

/// Who made the file was killed before there was anything in it: nobody began a run. That a journal was emptied later is told by
/// the control table of the database, which knows the run.
fn is_hollow(db: &Connection) -> Result<bool, JournalError> {
    let sql = "select count(*) + (select application_id from pragma_application_id) + (select user_version from pragma_user_version) from sqlite_schema";
    db.query_row(sql, [], |row| row.get::<_, i64>(0)).map(|all| all == 0).map_err(failed("opened"))
}

fn check_version(db: &Connection) -> Result<(), JournalError> {
    let doing = failed("opened");
    let application: i64 = db.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(&doing)?;
    let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(&doing)?;
    if application != APPLICATION_ID || version < 1 {
        return Err(JournalError::NotAJournal { why: "another program made this file".to_owned() });
    }
    if version > i64::from(JOURNAL_VERSION) {
        return Err(JournalError::Newer { found: version.unsigned_abs(), known: JOURNAL_VERSION });
    }
    Ok(())
}

fn run_number(db: &Connection, run: &str) -> Result<i64, JournalError> {
    let mut query = db.prepare_cached("select n from runs where run = ?1").map_err(failed("read"))?;
    let n = query.query_row([run], |row| row.get(0)).optional().map_err(failed("read"))?;
    n.ok_or_else(|| JournalError::NoRun { run: run.to_owned() })
}

/// SQLite's integers have a sign; ours have none.
fn number(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(at)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(at, value))
}

fn integer(value: u64) -> Result<i64, JournalError> {
    i64::try_from(value).map_err(|_| JournalError::Io { doing: "written", why: "a number too large".to_owned() })
}

fn head(db: &Connection, n: i64) -> Result<Head, JournalError> {
    let mut query = db.prepare_cached("select head_seq, head_hash from runs where n = ?1").map_err(failed("read"))?;
    query.query_row([n], |row| Ok(Head { seq: number(row, 0)?, hash: row.get(1)? })).map_err(failed("read"))
}

fn lease_of(db: &Connection, n: i64) -> Result<Option<Lease>, JournalError> {
    let mut query = db.prepare_cached("select holder, epoch, expires_at_ms from lease where run = ?1").map_err(failed("read"))?;
    let lease = query.query_row([n], |row| Ok(Lease { holder: row.get(0)?, epoch: number(row, 1)?, expires_at_ms: row.get(2)? }));
    lease.optional().map_err(failed("read"))
}

fn put_lease(db: &Connection, n: i64, lease: &Lease) -> Result<(), JournalError> {
    let sql = "insert into lease (run, holder, epoch, expires_at_ms) values (?1, ?2, ?3, ?4)
      on conflict (run) do update set holder = excluded.holder, epoch = excluded.epoch, expires_at_ms = excluded.expires_at_ms";
    let mut put = db.prepare_cached(sql).map_err(failed("written"))?;
    put.execute(params![n, lease.holder, integer(lease.epoch)?, lease.expires_at_ms]).map_err(failed("written"))?;
    Ok(())
}

fn put_entry(db: &Connection, n: i64, sealed: &Sealed) -> Result<(), JournalError> {
    let doing = failed("written");
    let mut put = db.prepare_cached("insert into entries (run, seq, body, prev_hash, hash) values (?1, ?2, ?3, ?4, ?5)").map_err(&doing)?;
    put.execute(params![n, integer(sealed.seq)?, sealed.body, sealed.prev_hash, sealed.hash]).map_err(&doing)?;
    let mut move_head = db.prepare_cached("update runs set head_seq = ?2, head_hash = ?3 where n = ?1").map_err(&doing)?;
    move_head.execute(params![n, integer(sealed.seq)?, sealed.hash]).map_err(&doing)?;
    Ok(())
}

fn summary(row: &rusqlite::Row<'_>) -> rusqlite::Result<(RunSummary, Option<String>)> {
    let summary = RunSummary { run: row.get(0)?, id: row.get(1)?, plan_digest: row.get(2)?, started_at_ms: row.get(3)?, ended: None };
    Ok((summary, row.get(4)?))
}

fn outcome(name: &str) -> Result<Outcome, JournalError> {
    [Outcome::Done, Outcome::RolledBack]
        .into_iter()
        .find(|outcome| outcome_name(*outcome) == name)
        .ok_or_else(|| JournalError::NotAJournal { why: "a run ended in a way that is not known".to_owned() })
}

/// A run and its first entry, in the caller's transaction; gives its id.
fn insert_run(
    tx: &Transaction<'_>,
    plan: &Plan,
    mark: &str,
    segue: &str,
    step_kinds: &BTreeMap<String, u32>,
    at_ms: i64,
) -> Result<String, JournalError> {
    let doing = failed("written");
    let count: i64 = tx.query_row("select count(*) from runs where lower(id) = lower(?1)", [&plan.id], |row| row.get(0)).map_err(&doing)?;
    let run = format!("{}-{}{mark}", plan.id.to_ascii_lowercase(), count + 1);
    let genesis = Head::genesis(&run);
    let sql = "insert into runs (run, id, plan_digest, started_at_ms, head_seq, head_hash) values (?1, ?2, ?3, ?4, 0, ?5)";
    tx.execute(sql, params![run, plan.id, plan.digest, at_ms, genesis.hash]).map_err(&doing)?;
    put_entry(tx, tx.last_insert_rowid(), &chain::seal(&run, &genesis, at_ms, 0, &first_event(plan, segue, step_kinds))?)?;
    Ok(run)
}

/// What [`SqliteStore::create_alone`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// A new run of this id.
    New(String),
    /// A run of the same spec id that is not over: nothing was created.
    Unfinished(String),
}

impl SqliteStore {
    /// A new run, unless one of the same spec id is not over: of two executors that begin at the same moment, the
    /// second finds the first one's run, and leaves none of its own behind. `mark` is added to the id so that runs
    /// of two state directories, which both begin to count at 1, are never one and the same to a database.
    pub fn create_alone(
        &self,
        plan: &Plan,
        mark: &str,
        segue: &str,
        step_kinds: &BTreeMap<String, u32>,
        at_ms: i64,
    ) -> Result<Created, JournalError> {
        let doing = failed("written");
        let mut inner = self.lock();
        inner.set_sync(true)?;
        let tx = inner.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&doing)?;
        let unfinished: Option<String> = tx
            .query_row("select run from runs where lower(id) = lower(?1) and ended is null order by n desc limit 1", [&plan.id], |row| {
                row.get(0)
            })
            .optional()
            .map_err(&doing)?;
        if let Some(run) = unfinished {
            return Ok(Created::Unfinished(run));
        }
        let run = insert_run(&tx, plan, &format!("-{mark}"), segue, step_kinds, at_ms)?;
        tx.commit().map_err(&doing)?;
        Ok(Created::New(run))
    }
}

impl JournalStore for SqliteStore {
    fn runs(&self) -> Result<Vec<RunSummary>, JournalError> {
        let inner = self.lock();
        let sql = "select run, id, plan_digest, started_at_ms, ended from runs order by n";
        let mut query = inner.db.prepare_cached(sql).map_err(failed("read"))?;
        let rows = query.query_map([], summary).map_err(failed("read"))?;
        rows.map(|row| {
            let (mut summary, ended) = row.map_err(failed("read"))?;
            summary.ended = ended.as_deref().map(outcome).transpose()?;
            Ok(summary)
        })
        .collect()
    }

    fn create(&self, plan: &Plan, segue: &str, step_kinds: &BTreeMap<String, u32>, at_ms: i64) -> Result<String, JournalError> {
        let doing = failed("written");
        let mut inner = self.lock();
        inner.set_sync(true)?;
        let tx = inner.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&doing)?;
        let run = insert_run(&tx, plan, "", segue, step_kinds, at_ms)?;
        tx.commit().map_err(&doing)?;
        Ok(run)
    }
    fn append_full(&self, run: &str, append: Append<'_>) -> Result<u64, JournalError> {
        self.write(run, append.sync, |tx, n| {
            lease::held(run, lease_of(tx, n)?.as_ref(), append.epoch)?;
            let sealed = chain::seal(run, &head(tx, n)?, append.at_ms, append.epoch, append.event)?;
            put_entry(tx, n, &sealed)?;
            if let Event::RunEnded { outcome } = append.event {
                let ended = outcome_name(*outcome);
                tx.execute("update runs set ended = ?2 where n = ?1", params![n, ended]).map_err(failed("written"))?;
            }
            if let Some(id) = append.consumes {
                tx.execute("delete from requests where id = ?1 and run = ?2", params![id, n]).map_err(failed("written"))?;
            }
            Ok(sealed.seq)
        })
    }

    fn entries(&self, run: &str) -> Result<Vec<Entry>, JournalError> {
        let doing = failed("read");
        let mut inner = self.lock();
        // One read transaction: the head and the entries are of one moment.
        let tx = inner.db.transaction().map_err(&doing)?;
        let n = run_number(&tx, run)?;
        let head = head(&tx, n)?;
        let mut query = tx.prepare_cached("select seq, body, prev_hash, hash from entries where run = ?1 order by seq").map_err(&doing)?;
        let rows = query
            .query_map([n], |row| Ok(Sealed { seq: number(row, 0)?, body: row.get(1)?, prev_hash: row.get(2)?, hash: row.get(3)? }))
            .map_err(&doing)?;
        let sealed: Vec<Sealed> = rows.collect::<Result<_, _>>().map_err(&doing)?;
        chain::open(run, sealed, &head)
    }

    fn take_lease(&self, run: &str, holder: &str, now_ms: i64, lease_ms: u64) -> Result<u64, JournalError> {
        self.write(run, true, |tx, n| {
            let lease = lease::taken(run, lease_of(tx, n)?.as_ref(), holder, now_ms, lease_ms)?;
            put_lease(tx, n, &lease)?;
            Ok(lease.epoch)
        })
    }

    fn renew_lease(&self, run: &str, epoch: u64, now_ms: i64, lease_ms: u64) -> Result<(), JournalError> {
        // Not synced: a renewal that a power cut takes away only ends the lease sooner.
        self.write(run, false, |tx, n| put_lease(tx, n, &lease::renewed(run, lease_of(tx, n)?.as_ref(), epoch, now_ms, lease_ms)?))
    }

    fn release_lease(&self, run: &str, epoch: u64) -> Result<(), JournalError> {
        self.write(run, false, |tx, n| {
            let sql = "update lease set holder = '' where run = ?1 and epoch = ?2";
            tx.execute(sql, params![n, integer(epoch)?]).map_err(failed("written"))?;
            Ok(())
        })
    }

    fn unlock(&self, run: &str) -> Result<Option<Lease>, JournalError> {
        self.write(run, true, |tx, n| {
            let before = lease_of(tx, n)?.filter(|lease| !lease.holder.is_empty());
            tx.execute("update lease set holder = '' where run = ?1", [n]).map_err(failed("written"))?;
            Ok(before)
        })
    }

    fn lease(&self, run: &str) -> Result<Option<Lease>, JournalError> {
        let inner = self.lock();
        let n = run_number(&inner.db, run)?;
        lease_of(&inner.db, n)
    }

    fn request(&self, run: &str, request: &Request, by: &str, at_ms: i64) -> Result<i64, JournalError> {
        let kind = serde_json::to_string(request).map_err(|error| JournalError::Io { doing: "written", why: error.to_string() })?;
        self.write(run, true, |tx, n| {
            let sql = "insert into requests (run, kind, by, at) values (?1, ?2, ?3, ?4)";
            tx.execute(sql, params![n, kind, by, at_ms]).map_err(failed("written"))?;
            Ok(tx.last_insert_rowid())
        })
    }

    fn pending_requests(&self, run: &str) -> Result<Vec<PendingRequest>, JournalError> {
        let inner = self.lock();
        let n = run_number(&inner.db, run)?;
        let mut query =
            inner.db.prepare_cached("select id, kind, by, at from requests where run = ?1 order by id").map_err(failed("read"))?;
        let rows = query
            .query_map([n], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, i64>(3)?)))
            .map_err(failed("read"))?;
        rows.map(|row| {
            let (id, kind, by, at_ms) = row.map_err(failed("read"))?;
            let request = serde_json::from_str(&kind).map_err(|_| JournalError::NotAJournal { why: format!("request {id} is not one") })?;
            Ok(PendingRequest { id, request, by, at_ms })
        })
        .collect()
    }

    fn drop_request(&self, run: &str, id: i64) -> Result<(), JournalError> {
        self.write(run, true, |tx, n| {
            tx.execute("delete from requests where id = ?1 and run = ?2", params![id, n]).map_err(failed("written"))?;
            Ok(())
        })
    }
}
