//! A database for a test.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, OptsBuilder};
use segue_engine::quote;
use segue_model::catalog::{Catalog, Table};
use segue_model::ident::TableName;
use segue_mysql::private_server::{PrivateServer, Programs, find_programs};
use segue_mysql::{MysqlEngine, Target};

/// One test's database.
pub(crate) struct Database {
    pub(crate) engine: MysqlEngine,
    pub(crate) client: Conn,
    pub(crate) name: String,
    pub(crate) port: u16,
}

/// MariaDB's programs; a plain clone may do without them.
pub(crate) fn programs() -> Option<Programs> {
    let home = std::env::var_os("SEGUE_TEST_MARIADB").map(PathBuf::from);
    let found = find_programs(home.as_deref());
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "no MariaDB: `apt-get install mariadb-server-core`");
    found
}

/// A new database, in which these statements ran. `None` where there is no MariaDB.
pub(crate) async fn database(setup: &[&str]) -> Option<Database> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Never dropped: the watchdog ends the server when this process is gone.
    static SERVER: Mutex<Option<PrivateServer>> = Mutex::new(None);
    let programs = programs()?;
    let name = format!("it's a `db`; %20 \"x\" {}", NEXT.fetch_add(1, Ordering::Relaxed));
    let (port, password, url) = {
        let mut server = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
        let settings = ["performance-schema=on", "event-scheduler=off"];
        let server = server.get_or_insert_with(|| PrivateServer::start_with(&programs, &settings, &[]).expect("a private server"));
        (server.port(), server.password().to_owned(), server.url_of(&name))
    };
    let mut client = connect(port, &password).await;
    for sql in [format!("create database {} character set utf8mb4", quote::backtick(&name)), format!("use {}", quote::backtick(&name))] {
        client.query_drop(sql).await.expect("a new database");
    }
    for sql in setup {
        client.query_drop(*sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    Some(Database { engine: engine(&url), client, name, port })
}

pub(crate) async fn connect(port: u16, password: &str) -> Conn {
    let options = OptsBuilder::default().ip_or_hostname("127.0.0.1").tcp_port(port).user(Some("root")).pass(Some(password));
    Conn::new(options.prefer_socket(false)).await.expect("a connection")
}

pub(crate) fn engine(url: &str) -> MysqlEngine {
    MysqlEngine::new(Target::parse(url, &BTreeMap::new()).expect("a good URL"))
}

impl Database {
    /// An account of this server that has these rights on this database.
    pub(crate) async fn account(&mut self, name: &str, rights: &str) -> MysqlEngine {
        let on = self.name.replace('%', "\\%").replace('_', "\\_");
        for sql in [
            format!("create or replace user {}@'%' identified by 'pw'", quote::backtick(name)),
            format!("grant {rights} on {}.* to {}@'%'", quote::backtick(&on), quote::backtick(name)),
        ] {
            self.client.query_drop(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        let database = self.name.bytes().fold(String::new(), |url, byte| format!("{url}%{byte:02X}"));
        engine(&format!("mysql://{name}:pw@127.0.0.1:{}/{database}", self.port))
    }
}

pub(crate) fn table<'a>(catalog: &'a Catalog, name: &str) -> &'a Table {
    catalog.table(&TableName::bare(name)).unwrap_or_else(|| panic!("{name} is not in the catalog"))
}
