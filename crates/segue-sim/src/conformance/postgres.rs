//! PostgreSQL as a fixture: a database of its own on a private server, a session for each statement of a client.
//!
//! A side is a `search_path`, as `segue status` prints it. Must never share the engine's sessions.
//! Tests: `tests/it/conformance_postgres.rs`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use segue_engine::memory::Side;
use segue_engine::{Engine, quote};
use segue_model::ident::TableName;
use segue_model::reshape::TableChange;
use segue_postgres::private_server::PrivateServer;
use segue_postgres::{PostgresEngine, Target};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use super::{ClientError, Fixture, Held};

/// A private server that gives out databases.
pub struct PostgresServer {
    server: PrivateServer,
    next: AtomicU32,
}

impl PostgresServer {
    /// Starts a server with the programs of a folder.
    pub fn start(bins: &Path) -> Self {
        let server = PrivateServer::start(bins).unwrap_or_else(|error| panic!("no private server: {} {error}", error.code));
        Self { server, next: AtomicU32::new(0) }
    }

    /// A new, empty database.
    pub async fn fixture(&self) -> PostgresFixture {
        let name = format!("conform \"{}\"", self.next.fetch_add(1, Ordering::Relaxed));
        let admin = connect(&self.server.url()).await.expect("the private server answers");
        admin.batch_execute(&format!("create database {}", quote::name(&name))).await.expect("a new database");
        let url = self.server.url_of(&name);
        let target = Target::parse(&url, &BTreeMap::new()).expect("the private server's URL");
        let client = connect(&url).await.expect("a new database answers");
        PostgresFixture { engine: Arc::new(PostgresEngine::new(target)), client, url }
    }
}

/// A database with its engine.
pub struct PostgresFixture {
    engine: Arc<PostgresEngine>,
    /// One session serves all sides in turn; its `search_path` is set before each statement.
    client: Client,
    url: String,
}

async fn connect(url: &str) -> Result<Client, ClientError> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.map_err(words)?;
    tokio::spawn(connection);
    Ok(client)
}

impl PostgresFixture {
    /// The URL of the database, for clients of their own.
    pub fn url(&self) -> &str {
        &self.url
    }

    async fn become_side(&self, side: Side, change: Option<&TableChange>) -> Result<(), ClientError> {
        let versions = change.and_then(|change| self.engine.reshape().versions(std::slice::from_ref(change)));
        let path = match (side, versions) {
            (Side::Old, Some((old, _))) => old,
            (Side::New, Some((_, new))) => new,
            _ => "public".to_owned(),
        };
        self.client.batch_execute(&format!("set search_path = {path}")).await.map_err(words)
    }
}

fn words(error: tokio_postgres::Error) -> ClientError {
    error.as_db_error().map_or_else(|| error.to_string(), |db| format!("{} {}", db.code().code(), db.message()))
}

#[async_trait]
impl Fixture for PostgresFixture {
    fn engine(&self) -> &dyn Engine {
        self.engine.as_ref()
    }

    fn shared(&self) -> Arc<dyn Engine> {
        self.engine.clone()
    }

    fn mendable(&self) -> Arc<dyn segue_engine::rows::Mendable> {
        self.engine.clone()
    }

    async fn execute(&self, side: Side, change: Option<&TableChange>, sql: &str) -> Result<u64, ClientError> {
        self.become_side(side, change).await?;
        let answer = self.client.simple_query(sql).await.map_err(words)?;
        let complete = |message: &SimpleQueryMessage| if let SimpleQueryMessage::CommandComplete(rows) = message { *rows } else { 0 };
        Ok(answer.iter().map(complete).sum())
    }

    async fn rows(&self, side: Side, change: Option<&TableChange>, sql: &str) -> Result<Vec<Vec<String>>, ClientError> {
        self.become_side(side, change).await?;
        let answer = self.client.simple_query(sql).await.map_err(words)?;
        let mut rows = Vec::new();
        for message in &answer {
            if let SimpleQueryMessage::Row(row) = message {
                rows.push((0..row.len()).map(|at| row.get(at).unwrap_or("NULL").to_owned()).collect());
            }
        }
        Ok(rows)
    }

    async fn hold(&self, table: &TableName) -> Option<Held> {
        let client = connect(&self.url).await.ok()?;
        client.batch_execute(&format!("begin; lock table {} in access share mode", quote::table(table))).await.ok()?;
        Some(Box::new(client))
    }

    async fn release(&self, held: Held) {
        if let Ok(client) = held.downcast::<Client>() {
            client.batch_execute("rollback").await.expect("the lock is let go");
        }
    }
}
