//! PostgreSQL as a fixture of looks: a private server, and a database of its own.

use std::any::Any;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use async_trait::async_trait;
use futures_util::SinkExt as _;
use segue_engine::inspect::Inspect;
use segue_engine::quote;
use segue_model::ident::TableName;
use segue_postgres::private_server::PrivateServer;
use segue_postgres::{PostgresEngine, Target};
use tokio_postgres::{Client, CopyInSink, NoTls};

use super::script::{Part, parts};
use super::{Looked, proxy};

/// What the owner's database is called.
const DATABASE: &str = "looks";
/// A role that may read one table.
const STRANGER: &str = "stranger";

/// A private server.
pub struct Postgres {
    server: PrivateServer,
    client: Client,
    engine: PostgresEngine,
}

impl Postgres {
    /// Starts a server with the programs of a folder.
    pub async fn start(bins: &Path) -> Self {
        let server = PrivateServer::start(bins).unwrap_or_else(|error| panic!("no private server: {error}"));
        let admin = connect(&server.url()).await;
        admin.batch_execute(&format!("create database {DATABASE}")).await.expect("a database");
        let url = server.url_of(DATABASE);
        Self { client: connect(&url).await, engine: engine(&url), server }
    }

    /// The URL of its database.
    pub fn url(&self) -> String {
        self.server.url_of(DATABASE)
    }

    /// Loads a dump with `COPY` blocks.
    pub async fn load(&self, dump: &str) {
        for part in parts(dump) {
            match part {
                Part::Sql(sql) => self.client.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{:?}", error.as_db_error())),
                Part::Copy(sql, lines) => {
                    let sink: CopyInSink<Cursor<Vec<u8>>> = self.client.copy_in(&sql).await.expect("a COPY");
                    let mut sink = std::pin::pin!(sink);
                    sink.send(Cursor::new(lines.into_bytes())).await.expect("rows");
                    sink.as_mut().finish().await.expect("all rows");
                }
            }
        }
        self.client.batch_execute("reset all").await.expect("the dump's settings go");
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
    tokio::spawn(connection);
    client
}

fn engine(url: &str) -> PostgresEngine {
    PostgresEngine::new(Target::parse(url, &BTreeMap::new()).expect("the private server's URL"))
}

#[async_trait]
impl Looked for Postgres {
    fn inspect(&self) -> &dyn Inspect {
        &self.engine
    }

    async fn execute(&self, sql: &str) -> Result<(), String> {
        self.client.batch_execute(sql).await.map_err(|error| format!("{:?}", error.as_db_error()))
    }

    fn quoted(&self, name: &str) -> String {
        quote::name(name)
    }

    fn table(&self, name: &str) -> TableName {
        TableName::new("public", name)
    }

    async fn stranger(&self) -> Option<Box<dyn Inspect>> {
        let sql = format!(
            "drop role if exists {STRANGER}; create role {STRANGER} login password 'pw'; grant usage on schema public to {STRANGER}; \
             grant select on keyed to {STRANGER}"
        );
        self.client.batch_execute(&sql).await.expect("a role");
        Some(Box::new(engine(&format!("postgres://{STRANGER}:pw@127.0.0.1:{}/{DATABASE}", self.server.port()))))
    }

    fn impostor(&self, password: &str) -> Option<Box<dyn Inspect>> {
        Some(Box::new(engine(&format!("postgres://postgres:{password}@127.0.0.1:{}/{DATABASE}", self.server.port()))))
    }

    async fn cut_after(&self, bytes: u64) -> Option<Box<dyn Inspect>> {
        let port = proxy::cut_after(self.server.port(), bytes).await;
        Some(Box::new(engine(&format!("postgres://postgres:{}@127.0.0.1:{port}/{DATABASE}?sslmode=disable", self.server.password()))))
    }

    async fn transaction(&self, text: &str) -> Option<Box<dyn Any + Send>> {
        let client = connect(&self.url()).await;
        client.batch_execute(&format!("begin; select {}", quote::text(text))).await.expect("a transaction");
        Some(Box::new(client))
    }

    async fn prepare(&self, name: &str) -> bool {
        let sql = format!("begin; create table prepared_here (a int); prepare transaction {}", quote::text(name));
        self.client.batch_execute(&sql).await.expect("a prepared transaction");
        true
    }

    async fn unprepare(&self, name: &str) {
        self.client.batch_execute(&format!("rollback prepared {}", quote::text(name))).await.expect("rolled back");
    }
}
