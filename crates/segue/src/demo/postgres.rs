//! The shop on a private PostgreSQL server that the demo starts and ends.
//!
//! Each version of the application connects with its own `search_path`, as `segue status` prints it, and uses
//! the same table names.

use segue_model::problem::Problem;
use segue_postgres::private_server::{Durability, PrivateServer, Setup, find_bins};
use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;

use super::Version;
use super::shop::{CUSTOMERS, Client, Database, ORDERS, Row, spec};
use crate::exit::Exit;
use crate::failure::Failure;

/// A shop on a server of its own; the server ends with it.
pub(super) struct Shop {
    server: PrivateServer,
}

impl Shop {
    /// Starts a server and builds the shop.
    pub(super) fn build() -> Result<Self, Failure> {
        let hint = std::env::var("SEGUE_TEST_PG_BINS").ok();
        let bins = find_bins(hint.as_deref());
        let Some(bin) = bins.last() else {
            return Err(Failure::new(
                Exit::Connection,
                Problem::new("SG-CLI-061", "no PostgreSQL server programs were found on this machine")
                    .safe("nothing was started")
                    .help("apt-get install postgresql, or run `segue demo` without --postgres"),
            ));
        };
        let server = PrivateServer::start_with(bin, Setup { durability: Durability::Safe, ..Setup::default() })?;
        let shop = Self { server };
        let mut client = shop.connect()?;
        client.batch(&format!(
            "create table customers (id bigint primary key, name text not null, email text);
             create index customers_name on customers (name);
             create table orders (id bigint primary key, customer_id bigint not null references customers (id), total integer not null, note text not null);
             create index orders_customer on orders (customer_id);
             insert into customers select i, 'customer ' || i, 'c' || i || '@shop.example' from generate_series(1, {CUSTOMERS}) i;
             insert into orders select i, i % {CUSTOMERS} + 1, i % 9000 + 100, 'seed ' || i from generate_series(1, {ORDERS}) i;
             analyze;"
        ))
        .map_err(failed)?;
        Ok(shop)
    }

    fn connect(&self) -> Result<Connected, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let url = self.server.url();
        let client = runtime
            .block_on(async {
                let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
                tokio::spawn(connection);
                Ok::<_, tokio_postgres::Error>(client)
            })
            .map_err(|error| failed(error.to_string()))?;
        Ok(Connected { runtime, client, path: None })
    }
}

impl Database for Shop {
    fn client(&self) -> Result<Box<dyn Client>, Failure> {
        Ok(Box::new(self.connect()?))
    }

    fn spec(&self) -> String {
        spec("{postgres: {url: env:SEGUE_DEMO_URL}}", "numeric(12,2)", "total / 100.0", "round(total * 100)::int")
    }

    fn environment(&self) -> Vec<(String, String)> {
        vec![("SEGUE_DEMO_URL".to_owned(), self.server.url())]
    }

    fn described(&self) -> String {
        "a private PostgreSQL server".to_owned()
    }
}

struct Connected {
    runtime: Runtime,
    client: tokio_postgres::Client,
    path: Option<Version>,
}

impl Connected {
    /// Speaks a version: its `search_path`, set once. A schema that is not there (yet, or any more) is passed over.
    fn speak(&mut self, version: Version) -> Result<(), String> {
        if self.path == Some(version) {
            return Ok(());
        }
        let path = match version {
            Version::Old => "public_demo_old, public",
            Version::New => "public_demo_new, public",
        };
        self.batch(&format!("set search_path = {path}"))?;
        self.path = Some(version);
        Ok(())
    }

    fn batch(&mut self, sql: &str) -> Result<(), String> {
        self.runtime.block_on(self.client.batch_execute(sql)).map_err(|error| describe(&error))
    }

    fn one(&mut self, version: Version, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<(), String> {
        self.speak(version)?;
        match self.runtime.block_on(self.client.execute(sql, values)).map_err(|error| describe(&error))? {
            1 => Ok(()),
            n => Err(format!("{n} rows were changed where one should be")),
        }
    }

    fn rows(&mut self, version: Version, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<tokio_postgres::Row>, String> {
        self.speak(version)?;
        self.runtime.block_on(self.client.query(sql, values)).map_err(|error| describe(&error))
    }
}

impl Client for Connected {
    fn insert_order(&mut self, version: Version, id: i64, customer: i64, cents: i64, note: &str) -> Result<(), String> {
        let sql = match version {
            Version::Old => "insert into orders (id, customer_id, total, note) values ($1, $2, $3::bigint, $4)",
            Version::New => "insert into orders (id, customer_id, total, note, status) values ($1, $2, $3::bigint / 100.0, $4, 'fresh')",
        };
        self.one(version, sql, &[&id, &customer, &cents, &note])
    }

    fn update_order(&mut self, version: Version, id: i64, cents: i64) -> Result<(), String> {
        let sql = match version {
            Version::Old => "update orders set total = $2::bigint where id = $1",
            Version::New => "update orders set total = $2::bigint / 100.0 where id = $1",
        };
        self.one(version, sql, &[&id, &cents])
    }

    fn update_customer(&mut self, version: Version, id: i64, name: &str) -> Result<(), String> {
        let sql = match version {
            Version::Old => "update customers set name = $2 where id = $1",
            Version::New => "update customers set full_name = $2 where id = $1",
        };
        self.one(version, sql, &[&id, &name])
    }

    fn read_order(&mut self, version: Version, id: i64) -> Result<Option<i64>, String> {
        let sql = match version {
            Version::Old => "select total::bigint from orders where id = $1",
            Version::New => "select (total * 100)::bigint from orders where id = $1",
        };
        Ok(self.rows(version, sql, &[&id])?.first().map(|row| row.get(0)))
    }

    fn all_customers(&mut self, version: Version) -> Result<Vec<(i64, String)>, String> {
        let sql = match version {
            Version::Old => "select id, name from customers",
            Version::New => "select id, full_name from customers",
        };
        Ok(self.rows(version, sql, &[])?.iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    fn all_orders(&mut self, version: Version) -> Result<Vec<Row>, String> {
        let sql = match version {
            Version::Old => "select id, total::bigint, note, false from orders",
            Version::New => "select id, (total * 100)::bigint, note, status is not null from orders",
        };
        Ok(self
            .rows(version, sql, &[])?
            .iter()
            .map(|row| Row { id: row.get(0), cents: row.get(1), note: row.get(2), status: row.get(3) })
            .collect())
    }

    fn plant_loss(&mut self, id: i64) -> Result<(), String> {
        self.one(Version::Old, "delete from orders where id = $1", &[&id])
    }
}

fn describe(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |db| format!("{} {}", db.code().code(), db.message()))
}

fn failed(message: String) -> Failure {
    Failure::new(
        Exit::Failed,
        Problem::new("SG-CLI-062", format!("the demo's own PostgreSQL server failed: {message}"))
            .safe("only the demo's private server was touched"),
    )
}
