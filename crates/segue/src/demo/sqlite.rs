//! The shop on SQLite: a file in a throw-away folder.
//!
//! The old version works on the tables. The new version finds `full_name` on the table itself, and the new form
//! of `orders`, whose `total` means two things, in the version view `orders_demo_new`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, params};
use segue_model::problem::Problem;

use super::Version;
use super::shop::{CUSTOMERS, Client, Database, ORDERS, Row, first_cents, first_name, spec};
use crate::exit::Exit;
use crate::failure::Failure;

/// A shop in a file.
pub(super) struct Shop {
    path: PathBuf,
}

impl Shop {
    /// Builds it.
    pub(super) fn build(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join("shop.db");
        fill(&path).map_err(|error| failed(&error))?;
        Ok(Self { path })
    }
}

fn fill(path: &Path) -> rusqlite::Result<()> {
    let mut connection = Connection::open(path)?;
    connection.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = normal;
         create table customers (id integer primary key, name text not null, email text);
         create index customers_name on customers (name);
         create table orders (id integer primary key, customer_id integer not null references customers (id), total integer not null, note text not null);
         create index orders_customer on orders (customer_id);",
    )?;
    let transaction = connection.transaction()?;
    {
        let mut customer = transaction.prepare("insert into customers (id, name, email) values (?1, ?2, ?3)")?;
        for id in 1..=CUSTOMERS {
            customer.execute(params![id, first_name(id), format!("c{id}@shop.example")])?;
        }
        let mut order = transaction.prepare("insert into orders (id, customer_id, total, note) values (?1, ?2, ?3, ?4)")?;
        for id in 1..=ORDERS {
            order.execute(params![id, id % CUSTOMERS + 1, first_cents(id), format!("seed {id}")])?;
        }
    }
    transaction.commit()
}

impl Database for Shop {
    fn client(&self) -> Result<Box<dyn Client>, Failure> {
        let connection = Connection::open(&self.path).map_err(|error| failed(&error))?;
        connection.busy_timeout(Duration::from_secs(20)).map_err(|error| failed(&error))?;
        connection.execute_batch("pragma synchronous = normal").map_err(|error| failed(&error))?;
        Ok(Box::new(Connected { connection }))
    }

    fn spec(&self) -> String {
        spec("{sqlite: {path: shop.db}}", "real", "total / 100.0", "cast(round(total * 100) as integer)")
    }

    fn environment(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn described(&self) -> String {
        format!("SQLite {}", rusqlite::version())
    }
}

struct Connected {
    connection: Connection,
}

impl Connected {
    /// One acknowledged transaction, begun as a writer at once: the busy time-out then covers every wait.
    fn write(&mut self, sql: &str, values: impl rusqlite::Params) -> Result<usize, String> {
        let transaction =
            self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(|error| error.to_string())?;
        let changed =
            transaction.prepare_cached(sql).and_then(|mut statement| statement.execute(values)).map_err(|error| error.to_string())?;
        transaction.commit().map_err(|error| error.to_string())?;
        Ok(changed)
    }
}

impl Client for Connected {
    fn insert_order(&mut self, version: Version, id: i64, customer: i64, cents: i64, note: &str) -> Result<(), String> {
        match version {
            Version::Old => {
                self.write("insert into orders (id, customer_id, total, note) values (?1, ?2, ?3, ?4)", params![id, customer, cents, note])
            }
            Version::New => self.write(
                "insert into orders_demo_new (id, customer_id, total, note, status) values (?1, ?2, ?3, ?4, 'fresh')",
                params![id, customer, cents as f64 / 100.0, note],
            ),
        }
        .map(drop)
    }

    fn update_order(&mut self, version: Version, id: i64, cents: i64) -> Result<(), String> {
        match version {
            Version::Old => self.write("update orders set total = ?2 where id = ?1", params![id, cents]),
            Version::New => self.write("update orders_demo_new set total = ?2 where id = ?1", params![id, cents as f64 / 100.0]),
        }
        .map(drop)
    }

    fn update_customer(&mut self, version: Version, id: i64, name: &str) -> Result<(), String> {
        let sql = match version {
            Version::Old => "update customers set name = ?2 where id = ?1",
            Version::New => "update customers set full_name = ?2 where id = ?1",
        };
        match self.write(sql, params![id, name])? {
            1 => Ok(()),
            n => Err(format!("{n} customers were changed where one should be")),
        }
    }

    fn read_order(&mut self, version: Version, id: i64) -> Result<Option<i64>, String> {
        let sql = match version {
            Version::Old => "select total from orders where id = ?1",
            Version::New => "select cast(round(total * 100) as integer) from orders_demo_new where id = ?1",
        };
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row([id], |row| row.get(0)).optional())
            .map_err(|error| error.to_string())
    }

    fn all_customers(&mut self, version: Version) -> Result<Vec<(i64, String)>, String> {
        let sql = match version {
            Version::Old => "select id, name from customers",
            Version::New => "select id, full_name from customers",
        };
        let read =
            || -> rusqlite::Result<Vec<_>> { self.connection.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect() };
        read().map_err(|error| error.to_string())
    }

    fn all_orders(&mut self, version: Version) -> Result<Vec<Row>, String> {
        let sql = match version {
            Version::Old => "select id, total, note, 0 from orders",
            Version::New => "select id, cast(round(total * 100) as integer), note, status is not null from orders_demo_new",
        };
        let read = || -> rusqlite::Result<Vec<_>> {
            self.connection
                .prepare(sql)?
                .query_map([], |row| Ok(Row { id: row.get(0)?, cents: row.get(1)?, note: row.get(2)?, status: row.get(3)? }))?
                .collect()
        };
        read().map_err(|error| error.to_string())
    }

    fn plant_loss(&mut self, id: i64) -> Result<(), String> {
        self.write("delete from orders where id = ?1", params![id]).map(drop)
    }
}

fn failed(error: &rusqlite::Error) -> Failure {
    Failure::new(
        Exit::Failed,
        Problem::new("SG-CLI-060", format!("the demo's own SQLite file failed: {error}"))
            .safe("only the demo's throw-away folder was touched"),
    )
}
