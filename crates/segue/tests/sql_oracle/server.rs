//! A private server for each major version that is there, and a new database for each test.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use segue_compat::sql::{Facts, postgres};
use segue_postgres::private_server::{PrivateServer, find_bins};
use segue_postgres::{PostgresEngine, Target};
use tokio_postgres::{Client, NoTls};

/// The tables on which statements are tried, with rows in each.
pub(crate) const BASE: &str = "
CREATE TABLE orders (id bigserial PRIMARY KEY, number integer NOT NULL, note text);
CREATE TABLE devices (id bigserial PRIMARY KEY, serial text);
CREATE TABLE users (
    id bigserial PRIMARY KEY, name varchar(40), city text, score numeric(10,5), age integer, born timestamp,
    country varchar(20), \"Interval\" varchar, order_id bigint, device_id bigint NOT NULL, code char(3), email text,
    CONSTRAINT age_check CHECK (age >= 0)
);
CREATE INDEX users_order ON users (order_id);
CREATE INDEX users_lower ON users (lower(email));
CREATE UNIQUE INDEX users_device ON users (device_id);
ALTER TABLE users ADD CONSTRAINT users_device_fk FOREIGN KEY (device_id) REFERENCES devices (id);
ALTER TABLE users ADD CONSTRAINT city_known CHECK (city IS NOT NULL) NOT VALID;
ALTER TABLE users ADD CONSTRAINT country_known CHECK (country IS NOT NULL);
ALTER TABLE orders ADD CONSTRAINT number_positive CHECK (number > 0) NOT VALID;
CREATE TABLE heap (a integer, b text);
CREATE TABLE events (at date NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_2026 (at date NOT NULL, what text);
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE DOMAIN short AS text CHECK (length(VALUE) < 10);
CREATE VIEW names AS SELECT id, name FROM users;
CREATE MATERIALIZED VIEW sales AS SELECT id, number FROM orders;
CREATE UNIQUE INDEX sales_id ON sales (id);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
CREATE TRIGGER touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
";

const ROWS: &str = "
INSERT INTO orders (number, note) SELECT g, 'n' FROM generate_series(1, 200) g;
INSERT INTO devices (serial) SELECT 'd' || g FROM generate_series(1, 200) g;
INSERT INTO users (name, city, score, age, born, country, order_id, device_id, code, email)
    SELECT 'n' || g, 'c', 1.5, 20, now(), 'se', 1 + g % 200, g, 'abc', 'e' || g FROM generate_series(1, 200) g;
INSERT INTO heap SELECT g, 'b' FROM generate_series(1, 200) g;
INSERT INTO events SELECT '2025-05-01', 'w' FROM generate_series(1, 20);
INSERT INTO events_2026 SELECT '2026-05-01', 'w' FROM generate_series(1, 20);
";

pub(crate) struct Database {
    pub(crate) client: Client,
    pub(crate) engine: PostgresEngine,
    pub(crate) version: u32,
    pub(crate) url: String,
}

/// A new database on each major version, with these statements run.
pub(crate) async fn databases(setup: &str) -> Vec<Database> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("oracle_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut out = Vec::new();
    for (admin, url) in servers(|server| (server.url(), server.url_of(&name))) {
        connect(&admin).await.batch_execute(&format!("create database {name}")).await.expect("a new database");
        let client = connect(&url).await;
        client.batch_execute("set timezone = 'UTC'").await.expect("a time zone");
        client.batch_execute(setup).await.expect("the setup");
        let version: String = client.query_one("show server_version_num", &[]).await.expect("a version").get(0);
        let target = Target::parse(&url, &BTreeMap::new()).expect("the private server's URL");
        out.push(Database { client, engine: PostgresEngine::new(target), version: version.parse().expect("a number"), url });
    }
    out
}

/// The base tables with rows.
pub(crate) async fn filled() -> Vec<Database> {
    databases(&format!("{BASE}{ROWS}")).await
}

/// What a schema's text says, as facts of a server of that version.
pub(crate) fn facts(schema: &str, version: u32) -> Facts {
    let read = postgres::catalog(schema);
    assert!(read.not_read.is_empty(), "{:?}", read.not_read);
    Facts { version: Some(version), ..Facts::of(read) }
}

fn servers<T>(each: impl Fn(&PrivateServer) -> T) -> Vec<T> {
    // Never dropped: the watchdogs end the servers when this process is gone.
    static SERVERS: Mutex<Vec<PrivateServer>> = Mutex::new(Vec::new());
    let mut servers = SERVERS.lock().unwrap_or_else(PoisonError::into_inner);
    if servers.is_empty() {
        let bins = find_bins(std::env::var("SEGUE_TEST_PG_BINS").ok().as_deref());
        assert!(!bins.is_empty(), "no PostgreSQL: `apt-get install postgresql`, or set SEGUE_TEST_PG_BINS");
        *servers = bins.iter().map(|bins| PrivateServer::start(bins).expect("a private server")).collect();
    }
    servers.iter().map(each).collect()
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
    tokio::spawn(connection);
    client
}
