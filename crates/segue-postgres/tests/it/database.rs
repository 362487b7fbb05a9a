//! A database for a test: on a private server of each major version, shared by the tests of one process.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use segue_engine::{Guard, quote};
use segue_model::ident::TableName;
use segue_postgres::private_server::{PrivateServer, find_bins};
use segue_postgres::{PostgresEngine, Target};
use tokio_postgres::{Client, NoTls};

/// One test's database.
pub(crate) struct Database {
    pub(crate) engine: PostgresEngine,
    /// An application's session, as superuser.
    pub(crate) client: Client,
    pub(crate) url: String,
    pub(crate) major: u32,
}

pub(crate) fn bins() -> Vec<std::path::PathBuf> {
    let found = find_bins(std::env::var("SEGUE_TEST_PG_BINS").ok().as_deref());
    assert!(!found.is_empty(), "no PostgreSQL: `apt-get install postgresql`, or set SEGUE_TEST_PG_BINS");
    found
}

fn servers<T>(each: impl Fn(&PrivateServer) -> T) -> Vec<T> {
    // Never dropped: the watchdogs end the servers when this process is gone.
    static SERVERS: Mutex<Vec<PrivateServer>> = Mutex::new(Vec::new());
    let mut servers = SERVERS.lock().unwrap_or_else(PoisonError::into_inner);
    if servers.is_empty() {
        *servers = bins().iter().map(|bins| PrivateServer::start(bins).expect("a private server")).collect();
    }
    servers.iter().map(each).collect()
}

/// A new database on each major version, in which these statements ran.
pub(crate) async fn databases(setup: &str) -> Vec<Database> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let mut out = Vec::new();
    let name = format!("it's a \"db\"; %20 😀 {}", NEXT.fetch_add(1, Ordering::Relaxed));
    for (admin, url) in servers(|server| (server.url(), server.url_of(&name))) {
        let admin = connect(&admin).await;
        admin.batch_execute(&format!("create database {}", quote::name(&name))).await.expect("a new database");
        let client = connect(&url).await;
        client.batch_execute(setup).await.expect("the test's own setup");
        let version: String = client.query_one("show server_version_num", &[]).await.expect("a version").get(0);
        let major = version.parse::<u32>().expect("a number") / 10_000;
        out.push(Database { engine: engine(&url), client, url, major });
    }
    assert!(!out.is_empty());
    out
}

/// A role of the whole server, made once.
pub(crate) async fn role(client: &Client, name: &str) {
    let sql = format!(
        "do $role$ begin create role {}; exception when duplicate_object or unique_violation then null; end $role$",
        quote::name(name)
    );
    client.batch_execute(&sql).await.expect("a role");
}

pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
    tokio::spawn(connection);
    client
}

pub(crate) fn engine(url: &str) -> PostgresEngine {
    PostgresEngine::new(Target::parse(url, &BTreeMap::new()).expect("the private server's URL"))
}

pub(crate) fn guard(run: &str, epoch: u64) -> Guard {
    Guard {
        run: run.to_owned(),
        tag: "tag".to_owned(),
        step: "01/test".to_owned(),
        epoch,
        lock_timeout_ms: 300,
        spec_digest: format!("digest of {run}"),
    }
}

pub(crate) fn table(name: &str) -> TableName {
    TableName::parse(name).expect("a table's name")
}

/// Waits until a query that returns a boolean says true; bounded.
pub(crate) async fn until(client: &Client, sql: &str) {
    for _ in 0..1000 {
        if client.query_one(sql, &[]).await.expect("the waiting query").get(0) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("never true: {sql}");
}
