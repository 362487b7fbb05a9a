//! The bank in a SQLite file. The old form is the table, which also knows the renamed column; the new form is a view.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, TransactionBehavior};

use crate::teller::{Outcome, Speech, Statement, Teller, Value, World};

const SPEC: &str = "\
segue: 1
id: bank
systems: {db: {sqlite: {path: bank.db}}}
limits: {downtime: 10s}
schema:
  in: db
  changes:
    - rename_column: {table: accounts, from: owner, to: holder}
    - change_type: {table: accounts, column: balance, to: real, up: balance / 100.0, down: cast(round(balance * 100) as integer)}
    - change_type: {table: ledger, column: amount, to: real, up: amount / 100.0, down: cast(round(amount * 100) as integer)}
    - add_column: {table: ledger, column: kind, type: text, null: false, default: \"'new'\", up: \"'old'\"}
";

/// A file.
pub(crate) struct Sqlite {
    path: PathBuf,
}

impl Sqlite {
    /// A new bank with so many accounts and ledger lines of its own.
    pub(crate) fn new(path: PathBuf, accounts: i64, ledger: i64) -> Self {
        let world = Self { path };
        let db = world.open();
        db.execute_batch("pragma journal_mode = wal").expect("WAL");
        db.execute_batch(&crate::bank::tables("integer")).expect("tables");
        db.execute_batch(&format!(
            "begin;
             with recursive n(i) as (values (1) union all select i + 1 from n where i < {accounts})
             insert into accounts select i, 'owner' || i, {first} from n;
             with recursive n(i) as (values (1) union all select i + 1 from n where i < {ledger})
             insert into ledger select -i, 0, i, 1, 1, i % 1000, 'seed' || i from n where i <= {ledger};
             commit",
            first = crate::bank::FIRST_CENTS,
        ))
        .expect("rows");
        world
    }

    pub(crate) fn open(&self) -> Connection {
        let db = Connection::open(&self.path).expect("opens");
        db.busy_timeout(Duration::from_secs(30)).expect("busy time-out");
        db.execute_batch("pragma synchronous = normal").expect("a setting");
        db
    }

    /// The statements of objects of a kind on a table.
    pub(crate) fn objects(&self, kind: &str, table: &str) -> Vec<(String, String)> {
        let db = self.open();
        let mut statement = db.prepare("select name, sql from sqlite_schema where type = ?1 and tbl_name = ?2").expect("prepares");
        statement.query_map([kind, table], |row| Ok((row.get(0)?, row.get(1)?))).expect("reads").collect::<Result<_, _>>().expect("rows")
    }
}

impl World for Sqlite {
    fn teller(&self) -> Box<dyn Teller> {
        Box::new(Client { path: self.path.clone(), db: self.open() })
    }

    fn spec(&self) -> String {
        SPEC.to_owned()
    }

    fn environment(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn catalog(&self) -> Vec<String> {
        let db = self.open();
        let mut statement = db
            .prepare("select type || ' ' || name || ' ' || coalesce(sql, '') from sqlite_schema where name not like 'segue\\_%' escape '\\' order by 1")
            .expect("prepares");
        statement.query_map([], |row| row.get(0)).expect("reads").collect::<Result<_, _>>().expect("rows")
    }

    fn leftovers(&self) -> Vec<String> {
        let db = self.open();
        let sql = "select type || ' ' || name from sqlite_schema
             where (type = 'trigger' and tbl_name in ('accounts', 'ledger')) or name like '%\\_\\_bank%' escape '\\'
                or (name like '%segue%' and type = 'table' and name not in ('segue_control', 'segue_applied', 'segue_saved', 'segue_rejected'))
             union all select 'column ' || m.name || '.' || c.name from sqlite_schema m, pragma_table_xinfo(m.name) c
             where m.name in ('accounts', 'ledger') and (c.name like 'segue%' or c.name like '%\\_\\_bank' escape '\\')";
        let mut statement = db.prepare(sql).expect("prepares");
        statement.query_map([], |row| row.get(0)).expect("reads").collect::<Result<_, _>>().expect("rows")
    }

    fn tamper(&self, sql: &str) {
        self.open().execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    fn longest_allowed(&self) -> Duration {
        // One write lock for all: the plan's own limit on the pause, and the queue of eight writers.
        Duration::from_secs(10)
    }
}

struct Client {
    path: PathBuf,
    db: Connection,
}

impl Client {
    fn attempt(&mut self, speech: Speech, statements: &[Statement]) -> Result<(), String> {
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(|e| e.to_string())?;
        for statement in statements {
            let values: Vec<Sql> = statement
                .values
                .iter()
                .map(|value| match value {
                    Value::Int(value) => Sql::Integer(*value),
                    Value::Text(value) => Sql::Text(value.clone()),
                })
                .collect();
            let mut prepared =
                transaction.prepare_cached(&statement.sql.replace('$', "?")).map_err(|e| format!("{}: {e}", statement.sql))?;
            let rows = prepared.execute(rusqlite::params_from_iter(values)).map_err(|e| format!("{}: {e}", statement.sql))?;
            // SQLite does not count what an INSTEAD OF trigger does; the checker sees it in the end.
            if rows != 1 && !speech.is_new() {
                return Err(format!("{rows} rows instead of one: {} {:?}", statement.sql, statement.values));
            }
        }
        transaction.commit().map_err(|e| e.to_string())
    }

    fn read<T: rusqlite::types::FromSql>(&mut self, sql: &str) -> Result<Vec<Vec<T>>, String> {
        let mut statement = self.db.prepare_cached(sql).map_err(|e| e.to_string())?;
        let width = statement.column_count();
        let rows = statement.query_map([], |row| (0..width).map(|at| row.get(at)).collect()).map_err(|e| e.to_string())?;
        rows.collect::<Result<_, _>>().map_err(|e| e.to_string())
    }
}

impl Teller for Client {
    fn transact(&mut self, speech: Speech, statements: &[Statement]) -> Outcome {
        match self.attempt(speech, statements) {
            Ok(()) => Outcome::Ok,
            Err(message) => Outcome::Failed(message),
        }
    }

    fn numbers(&mut self, _speech: Speech, sql: &str) -> Result<Vec<Vec<i64>>, String> {
        self.read(sql)
    }

    fn texts(&mut self, _speech: Speech, sql: &str) -> Result<Vec<Vec<String>>, String> {
        self.read(sql)
    }

    fn reconnect(&mut self) {
        self.db = Sqlite { path: self.path.clone() }.open();
    }

    fn table(&self, speech: Speech, table: &str) -> String {
        if speech.is_new() { format!("{table}_bank_new") } else { table.to_owned() }
    }
}
