//! A database whose rows are read, with an owner who makes them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use segue_engine::memory::{MemoryEngine, Side};
use segue_engine::rows::Rows;
use segue_model::ident::TableName;
use segue_mysql::MysqlEngine;
use segue_mysql::private_server::Programs;
use segue_postgres::PostgresEngine;

use crate::inspect::{Looked, MariaDb, Postgres, Sqlite, proxy};

/// What the database of a private server is called.
const LOOKS: &str = "looks";

enum Owner {
    Postgres(Box<Postgres>),
    MariaDb(Box<MariaDb>),
    Sqlite(Box<Sqlite>),
    Memory(MemoryEngine),
}

impl Owner {
    fn looked(&self) -> Option<&dyn Looked> {
        match self {
            Self::Postgres(owner) => Some(owner.as_ref()),
            Self::MariaDb(owner) => Some(owner.as_ref()),
            Self::Sqlite(owner) => Some(owner.as_ref()),
            Self::Memory(_) => None,
        }
    }
}

/// A database.
pub struct Place {
    /// What the mapping calls its engine.
    pub engine: &'static str,
    /// The engine and its version for people.
    pub shown: String,
    rows: Arc<dyn Rows>,
    owner: Arc<Owner>,
    /// The schema in which tables are made; empty: the usual one.
    pub schema: String,
}

impl Place {
    /// A private PostgreSQL of these programs.
    pub async fn postgres(bins: &Path) -> Self {
        let server = Postgres::start(bins).await;
        let target = segue_postgres::Target::parse(&server.url(), &BTreeMap::new()).expect("the private server's URL");
        server.execute("set timezone = 'UTC'").await.expect("a setting");
        let rows: Arc<dyn Rows> = Arc::new(PostgresEngine::new(target));
        let facts = rows.facts().await.expect("facts");
        Self {
            engine: "postgres",
            shown: format!("PostgreSQL {}", facts.version),
            rows,
            owner: Arc::new(Owner::Postgres(Box::new(server))),
            schema: "public".to_owned(),
        }
    }

    /// A private MariaDB, with its binlog if the settings say so.
    pub async fn mariadb(programs: &Programs, settings: &[&str]) -> Self {
        Self::mariadb_called(programs, settings, LOOKS).await
    }

    /// The same, with a database of this name: some scripts name it.
    pub async fn mariadb_called(programs: &Programs, settings: &[&str], database: &str) -> Self {
        let server = MariaDb::start(programs, settings, database).await;
        server.execute("set session sql_mode = '', time_zone = '+00:00'").await.expect("settings");
        let target = segue_mysql::Target::parse(&server.server().url_of(database), &BTreeMap::new()).expect("the private server's URL");
        let rows: Arc<dyn Rows> = Arc::new(MysqlEngine::new(target));
        let facts = rows.facts().await.expect("facts");
        Self {
            engine: "mariadb",
            shown: format!("MariaDB {}", facts.version),
            rows,
            owner: Arc::new(Owner::MariaDb(Box::new(server))),
            schema: String::new(),
        }
    }

    /// A new file of SQLite.
    pub fn sqlite() -> Self {
        let file = Sqlite::new();
        let rows: Arc<dyn Rows> = Arc::new(segue_sqlite::SqliteEngine::open(file.path()).expect("the engine opens"));
        Self { engine: "sqlite", shown: "SQLite".to_owned(), rows, owner: Arc::new(Owner::Sqlite(Box::new(file))), schema: String::new() }
    }

    /// An empty memory engine.
    pub fn memory() -> Self {
        let engine = MemoryEngine::default();
        Self {
            engine: "memory",
            shown: "memory".to_owned(),
            rows: Arc::new(engine.clone()),
            owner: Arc::new(Owner::Memory(engine)),
            schema: String::new(),
        }
    }

    /// The same database, with tables in another schema.
    pub fn in_schema(&self, schema: &str) -> Self {
        Self {
            engine: self.engine,
            shown: self.shown.clone(),
            rows: self.shared(),
            owner: Arc::clone(&self.owner),
            schema: schema.to_owned(),
        }
    }

    /// Its URL, as a user of the binary gives it.
    pub fn url(&self) -> String {
        match self.owner.as_ref() {
            Owner::Postgres(server) => server.url(),
            Owner::MariaDb(server) => server.server().url_of("looks"),
            Owner::Sqlite(file) => file.path().display().to_string(),
            Owner::Memory(_) => String::new(),
        }
    }

    /// Its rows.
    pub fn rows(&self) -> &dyn Rows {
        self.rows.as_ref()
    }

    /// The engine, for who reads from several tasks.
    pub fn shared(&self) -> Arc<dyn Rows> {
        Arc::clone(&self.rows)
    }

    /// Runs statements as the owner.
    pub async fn execute(&self, sql: &str) {
        let done = match (self.owner.as_ref(), self.owner.looked()) {
            (Owner::Memory(engine), _) => engine.client(Side::Base).execute(sql).map(|_| ()).map_err(|error| error.to_string()),
            (_, Some(owner)) => owner.execute(sql).await,
            (_, None) => Ok(()),
        };
        done.unwrap_or_else(|error| panic!("{}: {sql}: {error}", self.shown));
    }

    /// Loads a script as this engine's own client would.
    pub async fn load(&self, script: &str) {
        match self.owner.as_ref() {
            Owner::Postgres(server) => server.load(script).await,
            Owner::MariaDb(server) => server.load(script).await,
            Owner::Sqlite(_) | Owner::Memory(_) => self.execute(script).await,
        }
    }

    /// A name as this engine takes it.
    pub fn quoted(&self, name: &str) -> String {
        self.owner.looked().map_or_else(|| segue_engine::quote::name(name), |owner| owner.quoted(name))
    }

    /// A table's name as SQL of this engine takes it.
    pub fn sql_name(&self, table: &str) -> String {
        if self.schema.is_empty() { self.quoted(table) } else { format!("{}.{}", self.quoted(&self.schema), self.quoted(table)) }
    }

    /// A table's name.
    pub fn table(&self, name: &str) -> TableName {
        TableName::new(self.schema.clone(), name)
    }

    /// The same over a connection that breaks after so many bytes of the server. `None`: there is no connection.
    pub async fn cut_after(&self, bytes: u64) -> Option<Arc<dyn Rows>> {
        match self.owner.as_ref() {
            Owner::Postgres(server) => {
                let (head, port, tail) = around_port(&server.url());
                let cut = format!("{head}{}{tail}?sslmode=disable", proxy::cut_after(port, bytes).await);
                let target = segue_postgres::Target::parse(&cut, &BTreeMap::new()).expect("the proxy's URL");
                Some(Arc::new(PostgresEngine::new(target)))
            }
            Owner::MariaDb(server) => {
                let (head, port, tail) = around_port(&server.server().url_of(LOOKS));
                let cut = format!("{head}{}{tail}", proxy::cut_after(port, bytes).await);
                let target = segue_mysql::Target::parse(&cut, &BTreeMap::new()).expect("the proxy's URL");
                Some(Arc::new(MysqlEngine::new(target)))
            }
            Owner::Sqlite(_) | Owner::Memory(_) => None,
        }
    }

    /// Knows types beyond the memory engine's few.
    pub fn is_server(&self) -> bool {
        self.engine != "memory"
    }
}

/// A URL before its port, the port, and what follows.
fn around_port(url: &str) -> (String, u16, String) {
    let (head, rest) = url.rsplit_once(':').expect("a port");
    let (port, tail) = rest.split_once('/').expect("a database");
    (format!("{head}:"), port.parse().expect("a number"), format!("/{tail}"))
}
