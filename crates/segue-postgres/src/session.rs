//! Sessions: how a connection is made, what every session of ours is set to, and the fenced transaction.
//!
//! One reading and one writing connection are kept for the next use; a second user at the same time gets one of
//! their own. It must never hand out a session whose settings come from the role, the database or the session's
//! last user, and never open a writing transaction without checking the epoch in it. Tests: `tests/it/fence.rs`.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use segue_engine::quote;
use segue_engine::{EngineError, ErrorKind, Guard};
use tokio::sync::{Mutex as Slot, OwnedMappedMutexGuard, OwnedMutexGuard};
use tokio::task::AbortHandle;
use tokio::time::timeout;
use tokio_postgres::{Client, Config, NoTls, Transaction};

pub(crate) use crate::error::db;
use crate::target::Target;
use crate::tls::{self, Transport};
use crate::{PostgresEngine, control};

/// The longest `application_name` that a server keeps, in bytes.
const APPLICATION_BYTES_MAX: usize = 63;
/// The longest part of it that a run may take, in bytes.
const RUN_BYTES_MAX: usize = 40;

/// One connection and what was asked of it when it was made.
pub(crate) struct Link {
    client: Client,
    facts: Arc<LinkFacts>,
    sessions: Arc<Mutex<BTreeSet<i32>>>,
}

/// What a connection of the URL looked like before it got our settings.
#[derive(Debug)]
pub(crate) struct LinkFacts {
    /// The server's process.
    pub(crate) pid: i32,
    /// `server_version_num`: 150018.
    pub(crate) version: i32,
    /// The URL's own `search_path`, as text.
    pub(crate) search_path: String,
    /// The schemas of it that exist.
    pub(crate) schemas: Vec<String>,
    /// What listens to the server; it ends with the connection.
    listener: AbortHandle,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.facts.pid);
    }
}

/// A session in use. It goes back to be used again when it is dropped; a transaction left open is rolled back.
pub(crate) struct Session {
    /// The driver's client.
    pub(crate) client: OwnedMappedMutexGuard<Option<Link>, Client>,
    facts: Arc<LinkFacts>,
}

impl Session {
    /// The server's process of this session.
    pub(crate) fn pid(&self) -> i32 {
        self.facts.pid
    }

    /// `server_version_num`: 150018.
    pub(crate) fn version(&self) -> i32 {
        self.facts.version
    }

    /// The `search_path` that a client of this URL has, as text.
    pub(crate) fn search_path(&self) -> &str {
        &self.facts.search_path
    }

    /// What listens to the server: it is finished once the connection is gone, whoever uses the session.
    pub(crate) fn listener(&self) -> AbortHandle {
        self.facts.listener.clone()
    }

    /// The schemas of that path that exist, in its order.
    pub(crate) fn schemas(&self) -> &[String] {
        &self.facts.schemas
    }
}

impl Deref for Session {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Session {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}

/// Where sessions come from.
pub(crate) struct Sessions {
    target: Target,
    read: Arc<Slot<Option<Link>>>,
    write: Arc<Slot<Option<Link>>>,
    /// The server's processes of this engine: a take-over must not end its own sessions.
    pids: Arc<Mutex<BTreeSet<i32>>>,
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sessions").field("target", &self.target).finish_non_exhaustive()
    }
}

impl Sessions {
    pub(crate) fn new(target: Target) -> Self {
        Self { target, read: Arc::default(), write: Arc::default(), pids: Arc::default() }
    }

    /// Where the sessions lead.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// The processes of all connections of this engine.
    pub(crate) fn pids(&self) -> Vec<i32> {
        self.pids.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }

    async fn session(&self, slot: &Arc<Slot<Option<Link>>>, settings: &str) -> Result<Session, EngineError> {
        let mut held = match slot.clone().try_lock_owned() {
            Ok(held) => held,
            Err(_) => Arc::new(Slot::new(None)).lock_owned().await,
        };
        if let Some(link) = held.take().filter(|link| !link.client.is_closed()) {
            // A kept connection may have died unseen: then this first statement says so, and a new one is made.
            let settings = format!("{RESET}{settings}{}", newer(link.facts.version));
            match set(&link.client, &settings).await {
                Ok(()) => return Ok(give(held, link)),
                Err(error) if error.kind == ErrorKind::Connection => {}
                Err(error) => return Err(error),
            }
        }
        let link = self.connect().await?;
        set(&link.client, &format!("{settings}{}", newer(link.facts.version))).await?;
        Ok(give(held, link))
    }

    async fn connect(&self) -> Result<Link, EngineError> {
        let config = self.target.config();
        let opened = match self.target.transport()? {
            Transport::Plain => timeout(self.target.connect_timeout, open(&config, NoTls)).await,
            Transport::Tls(checks) => timeout(self.target.connect_timeout, open(&config, tls::connector(&checks)?)).await,
        };
        // The driver bounds the network's part alone; a server that accepts and says nothing would hold us for ever.
        let (client, listener) =
            opened.map_err(|_| EngineError::new("SG-PG-001", ErrorKind::Connection, "the server does not answer in time"))??;
        set(&client, "set statement_timeout = 0").await?;
        let row = client
            .query_one(
                "select pg_catalog.pg_backend_pid(), pg_catalog.current_setting('server_version_num')::pg_catalog.int4, \
                 pg_catalog.current_setting('search_path'), pg_catalog.current_schemas(false)::pg_catalog.text[]",
                &[],
            )
            .await
            .map_err(db)?;
        let facts = LinkFacts { pid: row.get(0), version: row.get(1), search_path: row.get(2), schemas: row.get(3), listener };
        if facts.version < 140_000 {
            return Err(EngineError::new(
                "SG-PG-018",
                ErrorKind::Unsupported,
                format!("PostgreSQL {} is older than 14, the oldest that Segue works with", facts.version / 10_000),
            ));
        }
        self.pids.lock().unwrap_or_else(PoisonError::into_inner).insert(facts.pid);
        Ok(Link { client, facts: Arc::new(facts), sessions: self.pids.clone() })
    }
}

/// Settings of a session. A role may have a `statement_timeout` so short that what sets it to 0 is sometimes cancelled
/// by it: nothing else has a reason to cancel that, so it is tried again.
async fn set(client: &Client, settings: &str) -> Result<(), EngineError> {
    const TRIES: u32 = 20;
    let mut tries = 0;
    loop {
        tries += 1;
        match client.batch_execute(settings).await.map_err(db) {
            Err(error) if error.kind == ErrorKind::Cancelled && tries < TRIES => {}
            done => return done,
        }
    }
}

fn give(mut held: OwnedMutexGuard<Option<Link>>, link: Link) -> Session {
    let facts = link.facts.clone();
    *held = Some(link);
    let client = OwnedMutexGuard::map(held, |link| &mut link.as_mut().expect("it was put there a line ago").client);
    Session { client, facts }
}

async fn open<T>(config: &Config, tls: T) -> Result<(Client, AbortHandle), EngineError>
where
    T: tokio_postgres::tls::MakeTlsConnect<tokio_postgres::Socket>,
    T::Stream: Send + 'static,
{
    let (client, mut connection) = config.connect(tls).await.map_err(db)?;
    // Notices are dropped unread: a user's trigger may put a row into one.
    let listener = tokio::spawn(async move { while let Some(Ok(_)) = poll_fn(|cx| connection.poll_message(cx)).await {} });
    Ok((client, listener.abort_handle()))
}

/// What the last user of a kept connection may have left behind.
const RESET: &str = "rollback; select pg_catalog.pg_advisory_unlock_all(); reset all; ";

/// What every session is set to, whatever the role, the database or the URL say. An empty `search_path` holds
/// `pg_catalog` alone, and a user's object cannot stand in for one of the server's. Row security is off: a policy
/// that would hide rows from us makes an error, never a wrong count. The server ends an idle transaction of ours
/// after 15 s, so that a stopped executor blocks nobody for longer.
const COMMON: &str = "set statement_timeout = 0; set search_path = ''; set standard_conforming_strings = on; set timezone = 'UTC'; set datestyle = 'ISO, YMD'; \
     set intervalstyle = 'postgres'; set extra_float_digits = 1; set bytea_output = 'hex'; set xmloption = 'content'; set row_security = off; \
     set idle_in_transaction_session_timeout = '15s'; set idle_session_timeout = 0; set jit = off; \
     set default_transaction_isolation = 'read committed'; set client_min_messages = 'error'; ";

/// Settings that an older server does not know.
fn newer(version: i32) -> &'static str {
    if version >= 170_000 { " set transaction_timeout = 0;" } else { "" }
}

impl PostgresEngine {
    /// A session for reading: the server refuses every write in it.
    pub(crate) async fn read_session(&self, label: &str) -> Result<Session, EngineError> {
        self.sessions.session(&self.sessions.read, &reading(label)).await
    }

    /// The same on a connection of its own, that ends with the session: nobody inherits what a query left behind.
    pub(crate) async fn lone_session(&self, label: &str) -> Result<Session, EngineError> {
        self.sessions.session(&Arc::default(), &reading(label)).await
    }

    /// A session for writing under a guard. A role with `synchronous_commit = off` gets it on: what the journal says
    /// was performed must be what the server keeps after a crash. (Only a batch of the backfill that is not its last
    /// switches it off for itself.)
    pub(crate) async fn write_session(&self, guard: &Guard) -> Result<Session, EngineError> {
        let settings = format!(
            "{COMMON}set default_transaction_read_only = off; set lock_timeout = 0; set application_name = {}; \
             select pg_catalog.set_config('synchronous_commit', 'on', false) where pg_catalog.current_setting('synchronous_commit') = 'off';",
            quote::text(&application_name(&guard.run, &guard.step))
        );
        self.sessions.session(&self.sessions.write, &settings).await
    }
}

fn reading(label: &str) -> String {
    format!(
        "{COMMON}set default_transaction_read_only = on; set lock_timeout = '10s'; set application_name = {};",
        quote::text(&application_name("-", label))
    )
}

/// `segue/<run>/<step>` in what a server shows of an `application_name`: printable ASCII, at most 63 bytes.
pub(crate) fn application_name(run: &str, step: &str) -> String {
    let mut name = application_prefix(run);
    name.extend(plain(step).chars().take(APPLICATION_BYTES_MAX - name.len()));
    name
}

/// The part of it that all sessions of a run share, the last slash included. A long run's name is cut and gets a
/// digest, so that two runs never share it.
pub(crate) fn application_prefix(run: &str) -> String {
    let mut shown = plain(run);
    if shown != run || shown.len() > RUN_BYTES_MAX {
        shown.truncate(RUN_BYTES_MAX - 9);
        shown.push_str(&format!("~{:08x}", control::digest_key(run) as u32));
    }
    format!("segue/{shown}/")
}

fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_graphic() && c != '\'' && c != '\\' { c } else { '_' }).collect()
}

/// Opens a transaction and checks the guard's epoch in it. The row stays locked `FOR SHARE` until the transaction
/// ends: a take-over waits for it, or ends it. Fails with [`ErrorKind::Fenced`] when the run or its epoch is
/// another, and when there is no control table.
pub(crate) async fn fenced<'a>(session: &'a mut Session, guard: &Guard) -> Result<Transaction<'a>, EngineError> {
    let transaction = session.client.transaction().await.map_err(db)?;
    control::hold_epoch(&transaction, guard).await?;
    Ok(transaction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_and_two_runs_never_share_one() {
        assert_eq!(application_name("SEG-1", "03/backfill"), "segue/SEG-1/03/backfill");
        assert!(application_name("r", &"s".repeat(200)).len() <= 63);
        let (long, longer) = ("x".repeat(50), "x".repeat(51));
        assert_ne!(application_prefix(&long), application_prefix(&longer));
        assert!(application_prefix(&long).len() <= 47);
        assert_ne!(application_prefix("é"), application_prefix("è"));
        assert!(application_name("it's", "a'b\\c\n").is_ascii());
        assert!(!application_name("it's", "a'b\\c\n").contains(['\'', '\\', '\n']));
    }
}
