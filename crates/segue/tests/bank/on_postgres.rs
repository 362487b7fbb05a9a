//! The bank in a PostgreSQL database. Statements are prepared once and kept over every change of form, as a
//! connection pool does; the version is chosen by `search_path` alone.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use segue_postgres::private_server::PrivateServer;
use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;
use tokio_postgres::{NoTls, SimpleQueryMessage};

use crate::teller::{Outcome, Speech, Statement, Teller, Value, World};

/// `ddl_lock_timeout` of the spec.
pub(crate) const LOCK_TIMEOUT: Duration = Duration::from_secs(1);
/// What a slow machine may add to a wait that is not Segue's: a commit, the scheduler, eight writers on two cores.
pub(crate) const SLACK: Duration = Duration::from_millis(1_500);

const SPEC: &str = "\
segue: 1
id: bank
systems: {db: {postgres: {url: env:BANK_URL}}}
throttle: {ddl_lock_timeout: 1s}
schema:
  in: db
  changes:
    - rename_column: {table: accounts, from: owner, to: holder}
    - change_type: {table: accounts, column: balance, to: \"numeric(14,2)\", up: balance / 100.0, down: \"round(balance * 100)::bigint\"}
    - change_type: {table: ledger, column: amount, to: \"numeric(14,2)\", up: amount / 100.0, down: \"round(amount * 100)::bigint\"}
    - add_column: {table: ledger, column: kind, type: text, null: false, default: \"'new'\", up: \"'old'\"}
";

/// A server of its own with the bank in it.
pub(crate) struct Postgres {
    pub(crate) server: Mutex<PrivateServer>,
    url: String,
}

impl Postgres {
    /// A new bank with so many accounts and ledger lines of its own.
    pub(crate) fn new(server: PrivateServer, accounts: i64, ledger: i64) -> Self {
        let world = Self { url: server.url(), server: Mutex::new(server) };
        world.tamper(&format!(
            "{}; insert into accounts select i, 'owner' || i, {} from generate_series(1, {accounts}) i;
             insert into ledger select -i, 0, i, 1, 1, i % 1000, 'seed' || i from generate_series(1, {ledger}) i;
             analyze accounts; analyze ledger",
            crate::bank::tables("bigint"),
            crate::bank::FIRST_CENTS,
        ));
        world
    }

    /// A connection of its own, named as an application would name it.
    pub(crate) fn client(&self, application: &str) -> Client {
        let url = format!("{}?application_name={application}", self.url);
        let runtime = runtime();
        let client = runtime.block_on(connect(&url)).expect("connects");
        Client { runtime, session: client, url, path: None, prepared: HashMap::new() }
    }

    /// The first value of the first row.
    pub(crate) fn one(&self, sql: &str) -> String {
        self.client("looker").one(sql)
    }
}

impl World for Postgres {
    fn teller(&self) -> Box<dyn Teller> {
        Box::new(self.client("teller"))
    }

    fn spec(&self) -> String {
        SPEC.to_owned()
    }

    fn environment(&self) -> Vec<(String, String)> {
        vec![("BANK_URL".to_owned(), self.url.clone())]
    }

    fn catalog(&self) -> Vec<String> {
        let sql = "select x from (
            select attrelid::regclass || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull || ' ' || coalesce(pg_get_expr(adbin, adrelid), '') as x
              from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
             where attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace) and attnum > 0 and not attisdropped
            union all select pg_get_indexdef(indexrelid) || indisvalid from pg_index where indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
            union all select conname || ' ' || pg_get_constraintdef(oid) || convalidated from pg_constraint where connamespace = 'public'::regnamespace
            union all select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
            union all select 'function ' || oid::regprocedure from pg_proc where pronamespace = 'public'::regnamespace
            union all select 'schema ' || nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'segue') y order by 1";
        self.client("looker").texts(Speech::Base, sql).expect("the catalog").concat()
    }

    fn leftovers(&self) -> Vec<String> {
        let sql = "select 'trigger ' || tgname from pg_trigger where not tgisinternal
            union all select 'column ' || attrelid::regclass || '.' || attname from pg_attribute
              where attrelid in ('public.accounts'::regclass, 'public.ledger'::regclass) and attnum > 0 and not attisdropped
                and (attname ~ '^segue' or attname ~ '__bank$')
            union all select 'relation ' || c.oid::regclass from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where n.nspname = 'segue' and c.relkind in ('r', 'v', 'm', 'S') and c.relname !~ '^(control|applied|rejected)'
            union all select 'function ' || p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
              where n.nspname = 'segue' and p.proname not in ('reject', 'accept')
            union all select 'constraint ' || conname from pg_constraint where conname ~ 'segue' and connamespace = 'public'::regnamespace
            union all select 'index ' || indexrelid::regclass from pg_index where not indisvalid
            union all select 'schema ' || nspname from pg_namespace where nspname = 'public_bank_old'";
        self.client("looker").texts(Speech::Base, sql).expect("the catalog").concat()
    }

    fn tamper(&self, sql: &str) {
        let client = self.client("tamperer");
        client.batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    fn longest_allowed(&self) -> Duration {
        LOCK_TIMEOUT + SLACK
    }
}

/// One connection.
pub(crate) struct Client {
    runtime: Runtime,
    session: tokio_postgres::Client,
    url: String,
    path: Option<Speech>,
    prepared: HashMap<String, tokio_postgres::Statement>,
}

fn runtime() -> Runtime {
    // One worker of its own drives the connection, so that its end is seen while the client's thread rests.
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}

async fn connect(url: &str) -> Result<tokio_postgres::Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

fn describe(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |db| format!("{} {}", db.code().code(), db.message()))
}

/// The server refused the statement and goes on with the session.
fn refused(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| !code.code().starts_with("57P") && !code.code().starts_with("08"))
}

impl Client {
    /// Statements one after another.
    pub(crate) fn batch(&self, sql: &str) -> Result<(), String> {
        self.runtime.block_on(self.session.batch_execute(sql)).map_err(|error| describe(&error))
    }

    /// The first value of the first row.
    pub(crate) fn one(&mut self, sql: &str) -> String {
        let rows = self.runtime.block_on(self.session.simple_query(sql)).unwrap_or_else(|error| panic!("{sql}: {}", describe(&error)));
        rows.iter()
            .find_map(|message| match message {
                SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("NULL").to_owned()),
                _ => None,
            })
            .unwrap_or_default()
    }

    fn speak(&mut self, speech: Speech) -> Result<(), tokio_postgres::Error> {
        if self.path != Some(speech) {
            let path = match speech {
                Speech::Old => "public_bank_old, public",
                Speech::Base | Speech::Mixed => "public",
                Speech::Early | Speech::New => "public_bank_new, public",
            };
            self.runtime.block_on(self.session.batch_execute(&format!("set search_path = {path}")))?;
            self.path = Some(speech);
        }
        Ok(())
    }

    fn prepare(&mut self, sql: &str) -> Result<tokio_postgres::Statement, tokio_postgres::Error> {
        if let Some(known) = self.prepared.get(sql) {
            return Ok(known.clone());
        }
        let statement = self.runtime.block_on(self.session.prepare(sql))?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// `Ok(Some(why))` when a statement did not meet exactly one row.
    fn work(&mut self, speech: Speech, statements: &[Statement]) -> Result<Option<String>, tokio_postgres::Error> {
        self.speak(speech)?;
        self.runtime.block_on(self.session.batch_execute("begin"))?;
        for statement in statements {
            let prepared = self.prepare(&statement.sql)?;
            let values: Vec<&(dyn ToSql + Sync)> = statement
                .values
                .iter()
                .map(|value| match value {
                    Value::Int(value) => value as &(dyn ToSql + Sync),
                    Value::Text(value) => value as &(dyn ToSql + Sync),
                })
                .collect();
            let rows = self.runtime.block_on(self.session.execute(&prepared, &values))?;
            if rows != 1 {
                return Ok(Some(format!("{rows} rows instead of one: {} {:?}", statement.sql, statement.values)));
            }
        }
        Ok(None)
    }
}

impl Teller for Client {
    fn transact(&mut self, speech: Speech, statements: &[Statement]) -> Outcome {
        match self.work(speech, statements) {
            Ok(None) => match self.runtime.block_on(self.session.batch_execute("commit")) {
                Ok(()) => Outcome::Ok,
                Err(error) if refused(&error) => Outcome::Failed(format!("commit: {}", describe(&error))),
                Err(error) => Outcome::Unknown(describe(&error)),
            },
            Ok(Some(why)) => match self.batch("rollback") {
                Ok(()) => Outcome::Failed(why),
                Err(error) => Outcome::Unknown(error),
            },
            Err(error) if refused(&error) => match self.batch("rollback") {
                Ok(()) => Outcome::Failed(describe(&error)),
                Err(_) => Outcome::Unknown(describe(&error)),
            },
            Err(error) => Outcome::Unknown(describe(&error)),
        }
    }

    fn numbers(&mut self, speech: Speech, sql: &str) -> Result<Vec<Vec<i64>>, String> {
        self.speak(speech).map_err(|error| describe(&error))?;
        let statement = self.prepare(sql).map_err(|error| describe(&error))?;
        let rows = self.runtime.block_on(self.session.query(&statement, &[])).map_err(|error| describe(&error))?;
        rows.iter().map(|row| (0..row.len()).map(|at| row.try_get::<_, i64>(at).map_err(|error| error.to_string())).collect()).collect()
    }

    fn texts(&mut self, speech: Speech, sql: &str) -> Result<Vec<Vec<String>>, String> {
        self.speak(speech).map_err(|error| describe(&error))?;
        let messages = self.runtime.block_on(self.session.simple_query(sql)).map_err(|error| describe(&error))?;
        Ok(messages
            .iter()
            .filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => Some((0..row.len()).map(|at| row.get(at).unwrap_or("NULL").to_owned()).collect()),
                _ => None,
            })
            .collect())
    }

    fn reconnect(&mut self) {
        let started = Instant::now();
        loop {
            match self.runtime.block_on(connect(&self.url)) {
                Ok(client) => {
                    self.session = client;
                    break;
                }
                Err(error) => assert!(started.elapsed() < Duration::from_mins(1), "no connection for 60 s: {}", describe(&error)),
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.prepared.clear();
        self.path = None;
    }

    fn table(&self, _speech: Speech, table: &str) -> String {
        table.to_owned()
    }
}
