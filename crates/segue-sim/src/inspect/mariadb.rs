//! MariaDB as a fixture of looks: a private server, and a database of its own.

use std::any::Any;
use std::collections::BTreeMap;

use async_trait::async_trait;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, OptsBuilder};
use segue_engine::inspect::Inspect;
use segue_engine::quote;
use segue_model::ident::TableName;
use segue_mysql::private_server::{PrivateServer, Programs};
use segue_mysql::{MysqlEngine, Target};
use tokio::sync::Mutex;

use super::script::statements;
use super::{Looked, proxy};

/// A private server with one database.
pub struct MariaDb {
    server: PrivateServer,
    database: String,
    client: Mutex<Conn>,
    engine: MysqlEngine,
}

impl MariaDb {
    /// Starts a server with these settings, and makes the database.
    pub async fn start(programs: &Programs, settings: &[&str], database: &str) -> Self {
        let server = PrivateServer::start_with(programs, settings, &[]).unwrap_or_else(|error| panic!("no private server: {error}"));
        let mut client = connect(&server, None).await;
        client.query_drop(format!("create database {} character set utf8mb4", quote::backtick(database))).await.expect("a database");
        client.query_drop(format!("use {}", quote::backtick(database))).await.expect("it is there");
        let engine = engine(&server.url_of(database));
        Self { server, database: database.to_owned(), client: Mutex::new(client), engine }
    }

    /// The server.
    pub fn server(&self) -> &PrivateServer {
        &self.server
    }

    /// Its engine, as what it is.
    pub fn engine(&self) -> &MysqlEngine {
        &self.engine
    }

    /// Loads a script with `DELIMITER`, into the database of this fixture.
    pub async fn load(&self, script: &str) {
        let mut client = self.client.lock().await;
        for statement in statements(script) {
            let head: String = statement.chars().take(80).collect();
            client.query_drop(statement).await.unwrap_or_else(|error| panic!("{head}: {error}"));
        }
        client
            .query_drop("set session sql_mode = default, foreign_key_checks = 1, unique_checks = 1")
            .await
            .expect("the script's settings go");
    }
}

async fn connect(server: &PrivateServer, database: Option<&str>) -> Conn {
    let options = OptsBuilder::default()
        .ip_or_hostname("127.0.0.1")
        .tcp_port(server.port())
        .user(Some("root"))
        .pass(Some(server.password()))
        .db_name(database)
        .prefer_socket(false);
    Conn::new(options).await.expect("a connection")
}

fn engine(url: &str) -> MysqlEngine {
    MysqlEngine::new(Target::parse(url, &BTreeMap::new()).expect("the private server's URL"))
}

#[async_trait]
impl Looked for MariaDb {
    fn inspect(&self) -> &dyn Inspect {
        &self.engine
    }

    async fn execute(&self, sql: &str) -> Result<(), String> {
        self.client.lock().await.query_drop(sql).await.map_err(|error| error.to_string())
    }

    fn quoted(&self, name: &str) -> String {
        quote::backtick(name)
    }

    fn table(&self, name: &str) -> TableName {
        TableName::bare(name)
    }

    async fn stranger(&self) -> Option<Box<dyn Inspect>> {
        let database = quote::backtick(&self.database);
        let mut client = self.client.lock().await;
        client.query_drop("create or replace user stranger@'%' identified by 'pw'").await.expect("an account");
        client.query_drop(format!("grant select on {database}.keyed to stranger@'%'")).await.expect("a right");
        Some(Box::new(engine(&self.server.url_as("stranger", "pw", &self.database))))
    }

    fn impostor(&self, password: &str) -> Option<Box<dyn Inspect>> {
        Some(Box::new(engine(&self.server.url_as("root", password, &self.database))))
    }

    async fn cut_after(&self, bytes: u64) -> Option<Box<dyn Inspect>> {
        let port = proxy::cut_after(self.server.port(), bytes).await;
        Some(Box::new(engine(&format!("mysql://root:{}@127.0.0.1:{port}/{}", self.server.password(), self.database))))
    }

    async fn transaction(&self, text: &str) -> Option<Box<dyn Any + Send>> {
        let mut client = connect(&self.server, Some(&self.database)).await;
        client.query_drop("start transaction").await.expect("a transaction");
        client.query_drop(format!("update keyed set a = {} where id = 1", quote::text(text))).await.expect("a write");
        Some(Box::new(client))
    }

    async fn prepare(&self, name: &str) -> bool {
        let mut client = self.client.lock().await;
        let xid = quote::text(name);
        for sql in
            [format!("xa start {xid}"), "insert into loose values (9)".to_owned(), format!("xa end {xid}"), format!("xa prepare {xid}")]
        {
            client.query_drop(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        true
    }

    async fn unprepare(&self, name: &str) {
        self.client.lock().await.query_drop(format!("xa rollback {}", quote::text(name))).await.expect("rolled back");
    }
}
