//! The PostgreSQL server of these tests: 15 where there is one, and databases made from others as templates.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use segue_postgres::private_server::{PrivateServer, find_bins};

/// A server of its own, and a connection to create and drop databases.
pub(crate) struct Server {
    private: PrivateServer,
    admin: Mutex<Client>,
    made: AtomicU32,
}

impl Server {
    /// Starts it. Fails where no PostgreSQL is on the machine.
    pub(crate) fn start() -> Self {
        let hint = std::env::var("SEGUE_TEST_PG_BINS").ok();
        let bins = find_bins(hint.as_deref());
        assert!(!bins.is_empty(), "no PostgreSQL server programs on this machine: cargo xtask test installs them");
        let fifteen = bins.iter().find(|bin| bin.components().any(|part| part.as_os_str() == "15")).unwrap_or(&bins[0]);
        // In soak each round has another major.
        let round = std::env::var("SEGUE_SOAK_ROUND").ok().and_then(|text| text.parse::<usize>().ok());
        let bin = round.map_or(fifteen, |round| &bins[round % bins.len()]);
        let private = PrivateServer::start(bin).expect("a server starts");
        let admin = Mutex::new(Client::new(&private.url_of("postgres")));
        Self { private, admin, made: AtomicU32::new(0) }
    }

    pub(crate) fn url_of(&self, database: &str) -> String {
        self.private.url_of(database)
    }

    /// A new database from a template, after the last session there is gone (a killed executor's ends by itself).
    pub(crate) fn create(&self, template: &str) -> String {
        let name = format!("c{}", self.made.fetch_add(1, Ordering::SeqCst));
        let admin = self.admin.lock().expect("unpoisoned");
        let started = Instant::now();
        while admin.one(&format!("select count(*) from pg_stat_activity where datname = '{template}'")) != "0" {
            assert!(started.elapsed() < Duration::from_secs(30), "sessions on {template} do not end");
            std::thread::sleep(Duration::from_millis(2));
        }
        admin.run(&format!("create database {name} template {template}"));
        name
    }

    /// Drops a database and whoever is still in it.
    pub(crate) fn remove(&self, database: &str) {
        self.admin.lock().expect("unpoisoned").run(&format!("drop database {database} with (force)"));
    }

    /// Looks into a database over a session that ends with the look.
    pub(crate) fn with<T>(&self, database: &str, look: impl FnOnce(&Client) -> T) -> T {
        look(&Client::new(&self.url_of(database)))
    }
}

/// A session.
pub(crate) struct Client {
    runtime: tokio::runtime::Runtime,
    client: tokio_postgres::Client,
}

impl Client {
    fn new(url: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("connects");
            tokio::spawn(connection);
            client
        });
        Self { runtime, client }
    }

    pub(crate) fn run(&self, sql: &str) {
        self.runtime.block_on(self.client.batch_execute(sql)).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    /// The first column of every row.
    pub(crate) fn all(&self, sql: &str) -> Vec<String> {
        let rows = self.runtime.block_on(self.client.simple_query(sql)).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        rows.iter()
            .filter_map(|message| match message {
                tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("NULL").to_owned()),
                _ => None,
            })
            .collect()
    }

    pub(crate) fn one(&self, sql: &str) -> String {
        self.all(sql).into_iter().next().unwrap_or_default()
    }
}
