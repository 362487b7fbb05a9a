//! One moment of the database, and the sessions that read it.
//!
//! The first session exports its snapshot, the others import it: all see exactly the same. A session is used for one
//! thing at a time, inside a savepoint, so that a failed or abandoned answer costs the moment nothing. A table that
//! was made, emptied or rewritten after the moment would look empty in it: that is an error, never an empty table.
//! Tests: `tests/it/rows/moment.rs`, `tests/it/rows/faults.rs`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use segue_engine::rows::{ChunkDigest, Datum, Read, RowStream, Snapshot};
use segue_engine::{EngineError, ErrorKind, quote};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::AbortHandle;
use tokio_postgres::{Client, NoTls};

use super::kind::{Native, Types};
use super::select::{ColumnFacts, Select, bare};
use super::stream::CopyRows;
use super::{digest, splits};
use crate::PostgresEngine;
use crate::error::db;
use crate::reshape::search_path;
use crate::session::Session;
use crate::target::Target;
use crate::tls::{self, Transport};

/// A reader waits in its transaction while others read a large table, or while the databases carry too much. The usual
/// 15 s would end it and the moment with it. A comparison that was stopped for ever gives it back after a day.
const PATIENCE: &str = "set idle_in_transaction_session_timeout = '1d'";

/// A database without an encoding may hold bytes that are no UTF-8: they come as they are.
const RAW: &str = "select set_config('client_encoding', 'SQL_ASCII', false) where current_setting('server_encoding') = 'SQL_ASCII'";

/// How often it is looked whether the sessions are there: a stream that is read hears of its own end at once.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// The savepoint before each use.
const SAVEPOINT: &str = "segue_read";

const EXPORT: &str = "
select case when $1 then pg_export_snapshot() end,
    case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end::text,
    to_char(now() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), current_setting('server_encoding')";

/// The columns of a relation as they were at the moment, and whether its rows are still those. `pg_class` is of the
/// moment, `pg_relation_filenode` is of now: where they differ the rows of the moment are gone. A relation that was
/// made later is not there at all. Text compares by bytes in the locales that are named here.
const FACTS: &str = "
with recursive tree (oid) as (
    select to_regclass($1::text)::oid union select i.inhrelid from tree join pg_inherits i on i.inhparent = tree.oid
)
select c.oid is null or exists (select from tree join pg_class p on p.oid = tree.oid
        where p.relkind in ('r', 'm') and p.relfilenode <> 0 and p.relfilenode is distinct from pg_relation_filenode(p.oid)),
    a.attname::text,
    a.attnotnull and not exists (select from pg_constraint n
        where n.conrelid = a.attrelid and n.contype = 'n' and n.conkey[1] = a.attnum and not n.convalidated),
    coalesce(case when l.oid = 100 then case to_jsonb(d) ->> 'datlocprovider'
                when 'b' then true when 'i' then false else d.datcollate in ('C', 'POSIX') end
            else l.collnamespace = 'pg_catalog'::regnamespace and l.collname in ('C', 'POSIX') end, false)
from (select to_regclass($1::text)::oid as oid) w left join pg_class c on c.oid = w.oid
left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_collation l on l.oid = a.attcollation
left join pg_database d on d.datname = current_database()";

/// A session at the moment.
pub(super) struct Reader {
    session: Session,
    types: Types,
}

/// The sessions of a moment.
pub(super) struct Readers {
    idle: Mutex<Vec<Reader>>,
    free: Arc<Semaphore>,
    target: Target,
    schemas: Vec<String>,
    unicode: bool,
}

/// A moment.
pub(super) struct Moment {
    readers: Arc<Readers>,
    /// Of each of its sessions: finished once the connection is gone.
    listeners: Vec<AbortHandle>,
    words: String,
}

/// A reader in use; it goes back when this is dropped.
pub(super) struct Lease {
    reader: Option<Reader>,
    readers: Arc<Readers>,
    permit: Option<OwnedSemaphorePermit>,
    /// The server is at work for it.
    busy: bool,
}

/// What was learnt of a read before it begins.
pub(super) struct Learnt {
    pub(super) natives: Vec<Native>,
    pub(super) facts: Vec<ColumnFacts>,
}

async fn open(engine: &PostgresEngine) -> Result<Reader, EngineError> {
    let session = engine.lone_session("verify").await?;
    session.batch_execute(PATIENCE).await.map_err(db)?;
    session.batch_execute(RAW).await.map_err(db)?;
    Ok(Reader { session, types: Types::default() })
}

/// Opens a moment with up to so many readers.
pub(super) async fn take(engine: &PostgresEngine, readers: usize) -> Result<Moment, EngineError> {
    let first = open(engine).await?;
    let client: &Client = &first.session;
    client.batch_execute("begin isolation level repeatable read read only").await.map_err(db)?;
    let row = client.query_one(EXPORT, &[&(readers > 1)]).await.map_err(db)?;
    let (exported, place, at, encoding): (Option<String>, Option<String>, String, String) =
        (row.get(0), row.get(1), row.get(2), row.get(3));
    client.batch_execute(&format!("savepoint {SAVEPOINT}")).await.map_err(db)?;
    let schemas = first.session.schemas().to_vec();
    let mut idle = vec![first];
    while let Some(exported) = exported.as_ref().filter(|_| idle.len() < readers) {
        match import(engine, exported).await {
            Ok(reader) => idle.push(reader),
            // No more connections to be had, or the address leads to several servers of which this is another: fewer.
            Err(error) if matches!(error.kind, ErrorKind::Resources | ErrorKind::Value | ErrorKind::Object) => break,
            Err(error) => return Err(error),
        }
    }
    let listeners: Vec<AbortHandle> = idle.iter().map(|reader| reader.session.listener()).collect();
    let readers = Readers {
        idle: Mutex::new(idle),
        free: Arc::new(Semaphore::new(listeners.len())),
        target: engine.sessions.target().clone(),
        schemas,
        unicode: encoding == "UTF8",
    };
    let words = place.map_or_else(|| format!("{at} UTC"), |place| format!("{place} at {at} UTC"));
    Ok(Moment { readers: Arc::new(readers), listeners, words })
}

async fn import(engine: &PostgresEngine, exported: &str) -> Result<Reader, EngineError> {
    let reader = open(engine).await?;
    let sql = format!(
        "begin isolation level repeatable read read only; set transaction snapshot {}; savepoint {SAVEPOINT}",
        quote::text(exported)
    );
    reader.session.batch_execute(&sql).await.map_err(db)?;
    Ok(reader)
}

impl Readers {
    async fn lease(self: &Arc<Self>) -> Result<Lease, EngineError> {
        let closed = || EngineError::new("SG-PG-001", ErrorKind::Connection, "the sessions that read at this moment are gone");
        let permit = self.free.clone().acquire_owned().await.map_err(|_| closed())?;
        let reader = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().ok_or_else(closed)?;
        Ok(Lease { reader: Some(reader), readers: self.clone(), permit: Some(permit), busy: false })
    }

    fn give_back(&self, reader: Reader) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
    }
}

impl Lease {
    pub(super) fn client(&self) -> &Client {
        &self.reader.as_ref().expect("a lease has its reader until it is dropped").session
    }

    /// The server begins to work, or has answered to the end.
    pub(super) fn set_busy(&mut self, busy: bool) {
        self.busy = busy;
    }

    /// The path in which a read's expressions are resolved: the URL's where the user wrote one, else the empty one.
    fn path(&self, read: &Read) -> String {
        let of_user = read.filter.is_some() || read.columns.iter().any(|column| column.expression.is_some());
        if of_user { search_path(&self.readers.schemas, &read.table) } else { "''".to_owned() }
    }

    /// Takes back whatever was done before, and learns what a read's columns are. The table stays locked against
    /// changes of its form until the next use.
    pub(super) async fn learn(&mut self, read: &Read) -> Result<Learnt, EngineError> {
        let path = self.path(read);
        let client = self.client();
        client.batch_execute(&format!("rollback to savepoint {SAVEPOINT}; set local search_path = {path}")).await.map_err(db)?;
        let statement = client.prepare(&bare(read)).await.map_err(db)?;
        let oids: Vec<u32> = statement.columns().iter().map(|column| column.type_().oid()).collect();
        if oids.len() != read.columns.len() {
            return Err(EngineError::new("SG-PG-016", ErrorKind::Syntax, "an expression gives several columns, or none"));
        }
        if path != "''" {
            client.batch_execute("set local search_path = ''").await.map_err(db)?;
        }
        let facts = facts(client, read).await?;
        let reader = self.reader.as_mut().expect("a lease has its reader until it is dropped");
        reader.types.learn(&reader.session, &oids).await?;
        let natives: Vec<_> = oids.iter().map(|oid| reader.types.native(*oid, -1)).collect();
        if path != "''" {
            self.client().batch_execute(&format!("set local search_path = {path}")).await.map_err(db)?;
        }
        Ok(Learnt { natives, facts })
    }

    /// The query of a read.
    pub(super) fn select<'a>(&self, read: &'a Read, learnt: &'a Learnt) -> Select<'a> {
        Select { read, natives: &learnt.natives, facts: &learnt.facts, unicode: self.readers.unicode }
    }

    /// One row of a query that may take long; whoever drops this cancels it.
    pub(super) async fn one_row(&mut self, sql: &str) -> Result<tokio_postgres::Row, EngineError> {
        self.busy = true;
        let row = self.client().query_one(sql, &[]).await.map_err(db);
        self.busy = false;
        row
    }
}

async fn facts(client: &Client, read: &Read) -> Result<Vec<ColumnFacts>, EngineError> {
    let rows = client.query(FACTS, &[&quote::table(&read.table)]).await.map_err(db)?;
    if rows.iter().any(|row| row.get(0)) {
        let why = format!("table {} was made, emptied or rewritten after the moment that is read", read.table);
        return Err(
            EngineError::new("SG-PG-153", ErrorKind::Serialization, why).help("compare again: the next moment sees it as it is now")
        );
    }
    let fact = |column: &segue_engine::rows::ReadColumn| {
        let row = rows.iter().find(|row| column.expression.is_none() && row.get::<_, Option<&str>>(1) == Some(&column.name));
        row.map_or(ColumnFacts::default(), |row| ColumnFacts { not_null: row.get(2), by_bytes: row.get(3) })
    };
    Ok(read.columns.iter().map(fact).collect())
}

impl Drop for Lease {
    fn drop(&mut self) {
        let (Some(reader), Some(permit)) = (self.reader.take(), self.permit.take()) else { return };
        let readers = self.readers.clone();
        if !self.busy {
            readers.give_back(reader);
            drop(permit);
            return;
        }
        // Somebody went away in the middle of an answer: the server is told, and the reader is free once it has heard.
        // Outside of a runtime nobody can tell it: the session ends, and with it the server's work.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            interrupt(&reader.session, &readers.target).await;
            readers.give_back(reader);
            drop(permit);
        });
    }
}

/// Cancels what runs. A cancellation that comes too late may hit the statement after it: that one is tried again.
async fn interrupt(client: &Client, target: &Target) {
    let token = client.cancel_token();
    let cancelled = match target.transport() {
        Ok(Transport::Tls(checks)) => match tls::connector(&checks) {
            Ok(connector) => token.cancel_query(connector).await.is_ok(),
            Err(_) => false,
        },
        _ => token.cancel_query(NoTls).await.is_ok(),
    };
    for _ in 0..if cancelled { 3 } else { 1 } {
        if client.batch_execute(&format!("rollback to savepoint {SAVEPOINT}")).await.is_ok() {
            break;
        }
    }
}

#[async_trait]
impl Snapshot for Moment {
    fn readers(&self) -> usize {
        self.listeners.len()
    }

    fn moment(&self) -> String {
        self.words.clone()
    }

    async fn stream(&self, read: &Read) -> Result<Box<dyn RowStream>, EngineError> {
        let mut lease = self.readers.lease().await?;
        let learnt = lease.learn(read).await?;
        let sql = lease.select(read, &learnt).rows()?;
        Ok(Box::new(CopyRows::begin(lease, read, learnt, &sql).await?))
    }

    async fn count(&self, read: &Read) -> Result<u64, EngineError> {
        let mut lease = self.readers.lease().await?;
        let learnt = lease.learn(read).await?;
        let sql = lease.select(read, &learnt).count()?;
        let count: i64 = lease.one_row(&sql).await?.try_get(0).map_err(db)?;
        Ok(count.cast_unsigned())
    }

    async fn splits(&self, read: &Read, rows: u64) -> Result<Vec<Datum>, EngineError> {
        let mut lease = self.readers.lease().await?;
        splits::of(&mut lease, read, rows).await
    }

    async fn digest(&self, read: &Read) -> Result<Option<ChunkDigest>, EngineError> {
        let mut lease = self.readers.lease().await?;
        digest::of(&mut lease, read).await
    }

    async fn lost(&self) -> EngineError {
        while !self.listeners.iter().any(AbortHandle::is_finished) {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        EngineError::new("SG-PG-001", ErrorKind::Connection, "a session that reads at this moment was cut off")
    }

    async fn close(self: Box<Self>) -> Result<(), EngineError> {
        self.readers.free.close();
        let idle = std::mem::take(&mut *self.readers.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for reader in idle {
            // What was read was read: a session that is gone by now has nothing left to give.
            let _ = reader.session.batch_execute("rollback").await;
        }
        Ok(())
    }
}
