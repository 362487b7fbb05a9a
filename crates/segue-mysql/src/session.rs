//! Sessions: how a connection is made and what it is set to.
//!
//! A reading session cannot write, waits two seconds for a lock and thirty for an answer; one that streams rows waits for
//! as long as they take. It must never use the server's `LOCAL INFILE` request (no handler is ever given to the driver),
//! never log in over the network in the clear but to this machine, and never wait for ever on a host that is gone (TCP
//! keep-alive sees to that). Tests: `tests/it/`.

use std::time::Duration;

use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Params};
use segue_engine::{EngineError, ErrorKind};
use tokio::time::timeout;

use crate::error::{broken, db};
use crate::row::Fields;
use crate::target::Target;

/// How long a statement of ours may take at the server, in seconds.
const STATEMENT_S_MAX: u64 = 30;
/// How long we wait for an answer: longer than the server's own bound, so that its words arrive.
const ANSWER_MAX: Duration = Duration::from_secs(STATEMENT_S_MAX + 15);
/// The oldest versions: both have `information_schema` with generation expressions.
const OLDEST: [(Flavour, (u16, u16)); 2] = [(Flavour::MySql, (5, 7)), (Flavour::MariaDb, (10, 2))];

/// Whose server it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Oracle's, Percona's, the clouds'.
    MySql,
    /// MariaDB.
    MariaDb,
}

impl Flavour {
    /// As a spec and an assessment name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::MySql => "mysql",
            Self::MariaDb => "mariadb",
        }
    }
}

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Reading: the server refuses every write.
    Read,
    /// Writing a temporary table for a measurement.
    Measure,
    /// Reading rows for as long as it takes, in a transaction that sees one moment.
    Stream,
    /// Writing in fenced transactions; a lock is waited for so many seconds.
    Write(u64),
}

/// How long a session that streams may stand still or be held up, in seconds.
const STREAM_S_MAX: u64 = 7 * 24 * 3600;
/// How long a writing session may stand still, in seconds: a stopped executor's transaction must not hold its locks.
const WRITE_IDLE_S_MAX: u64 = 15;

/// A connection with our settings.
pub(crate) struct Session {
    /// The driver's connection.
    pub(crate) conn: Conn,
    /// Whose server it is.
    pub(crate) flavour: Flavour,
    /// `(10, 11, 14)`.
    pub(crate) version: (u16, u16, u16),
    /// The database of the URL.
    pub(crate) database: String,
}

impl Session {
    /// Connects. Fails with `SG-MY-018` on a server that is too old.
    pub(crate) async fn open(target: &Target, purpose: Purpose) -> Result<Self, EngineError> {
        let options = target.options()?;
        let connecting = timeout(target.connect_timeout, Conn::new(options)).await;
        let conn = connecting.map_err(|_| broken("it does not answer in time"))?.map_err(db)?;
        let mut session = Self { conn, flavour: Flavour::MySql, version: (0, 0, 0), database: target.database.clone() };
        let said = session.rows("SELECT version()", ()).await?.first().map(|row| row.text(0)).unwrap_or_default();
        session.flavour = if said.to_lowercase().contains("mariadb") { Flavour::MariaDb } else { Flavour::MySql };
        session.version = version(&said);
        let oldest = OLDEST.iter().find(|(flavour, _)| *flavour == session.flavour).map_or((0, 0), |(_, oldest)| *oldest);
        if (session.version.0, session.version.1) < oldest {
            let message = format!("this server is older than {}.{}, the oldest that Segue reads", oldest.0, oldest.1);
            return Err(EngineError::new("SG-MY-018", ErrorKind::Unsupported, message));
        }
        for statement in session.settings(purpose) {
            session.run(&statement).await?;
        }
        Ok(session)
    }

    fn settings(&self, purpose: Purpose) -> Vec<String> {
        let statement = if purpose == Purpose::Stream { 0 } else { STATEMENT_S_MAX };
        let wait = if let Purpose::Write(seconds) = purpose { seconds.clamp(1, 60) } else { 2 };
        let mut out = vec![
            "SET SESSION sql_mode = 'STRICT_ALL_TABLES'".to_owned(),
            "SET SESSION time_zone = '+00:00'".to_owned(),
            format!("SET SESSION lock_wait_timeout = {wait}, innodb_lock_wait_timeout = {wait}"),
            match self.flavour {
                Flavour::MariaDb => format!("SET SESSION max_statement_time = {statement}"),
                Flavour::MySql => format!("SET SESSION max_execution_time = {}", statement * 1000),
            },
        ];
        if self.flavour == Flavour::MySql && self.version.0 >= 8 {
            // Else the statistics may be a day old.
            out.push("SET SESSION information_schema_stats_expiry = 0".to_owned());
        }
        match purpose {
            Purpose::Read => out.push("SET SESSION TRANSACTION READ ONLY".to_owned()),
            Purpose::Stream => out.extend(self.streaming()),
            Purpose::Write(_) => out.extend(self.writing()),
            Purpose::Measure => {}
        }
        out
    }

    /// What could cut an answer short, change a value on its way, or let the moment go is set here, whatever the server's
    /// own settings are. A reader that waits (a throttle, the other side) is not a client that went away.
    fn streaming(&self) -> Vec<String> {
        let mut out = vec![
            // Also where the server does not listen to what clients ask for at their login.
            "SET NAMES utf8mb4".to_owned(),
            "SET SESSION sql_select_limit = 18446744073709551615, sql_auto_is_null = 0, sql_big_selects = 1".to_owned(),
            format!("SET SESSION net_write_timeout = {STREAM_S_MAX}, wait_timeout = {STREAM_S_MAX}"),
            // Longer than a key can be, so that sorting looks at all of it.
            "SET SESSION max_sort_length = 4096, group_concat_max_len = 4294967295".to_owned(),
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY".to_owned(),
        ];
        if self.is(Flavour::MariaDb, 10, 3, 0) {
            out.push("SET SESSION idle_transaction_timeout = 0, idle_readonly_transaction_timeout = 0".to_owned());
        }
        out
    }

    fn writing(&self) -> Vec<String> {
        let mut out = vec![
            "SET NAMES utf8mb4".to_owned(),
            format!("SET SESSION sql_auto_is_null = 0, wait_timeout = {WRITE_IDLE_S_MAX}"),
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE".to_owned(),
        ];
        if self.is(Flavour::MariaDb, 10, 3, 0) {
            out.push(format!("SET SESSION idle_transaction_timeout = {WRITE_IDLE_S_MAX}"));
        }
        out
    }

    /// Whether the server is of this flavour and at least of this version.
    pub(crate) fn is(&self, flavour: Flavour, major: u16, minor: u16, patch: u16) -> bool {
        self.flavour == flavour && self.version >= (major, minor, patch)
    }

    /// Runs a query, with parameters in the place of its `?`.
    pub(crate) async fn rows(&mut self, sql: &str, parameters: impl Into<Params> + Send) -> Result<Vec<Fields>, EngineError> {
        let parameters = parameters.into();
        let rows: Vec<mysql_async::Row> = if matches!(parameters, Params::Empty) {
            // Some of the SHOW statements cannot be prepared.
            in_time(self.conn.query(sql)).await?
        } else {
            in_time(self.conn.exec(sql, parameters)).await?
        };
        Ok(rows.into_iter().map(Fields::from).collect())
    }

    /// The same, each row with the names of its columns: for answers whose columns differ between versions.
    pub(crate) async fn named_rows(&mut self, sql: &str) -> Result<Vec<(Vec<String>, Fields)>, EngineError> {
        let rows: Vec<mysql_async::Row> = in_time(self.conn.query(sql)).await?;
        let names = |row: &mysql_async::Row| row.columns_ref().iter().map(|column| column.name_str().to_lowercase()).collect();
        Ok(rows.into_iter().map(|row| (names(&row), Fields::from(row))).collect())
    }

    /// Runs a statement that gives no rows.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<(), EngineError> {
        in_time(self.conn.query_drop(sql)).await
    }

    /// Says good-bye, so that the server does not log an aborted connection.
    pub(crate) async fn close(self) {
        // A server that is gone has heard it already.
        let _ = timeout(Duration::from_secs(2), self.conn.disconnect()).await;
    }
}

/// Waits for an answer, not for ever.
pub(crate) async fn in_time<T>(answer: impl Future<Output = mysql_async::Result<T>> + Send) -> Result<T, EngineError> {
    timeout(ANSWER_MAX, answer).await.map_err(|_| broken("it does not answer in time"))?.map_err(db)
}

/// The numbers at the beginning of `10.11.14-MariaDB-0+deb12u2`; replicas of old say `5.5.5-10.11.14-MariaDB`.
fn version(said: &str) -> (u16, u16, u16) {
    let said = said.strip_prefix("5.5.5-").unwrap_or(said);
    let mut numbers = said.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(version("10.11.14-MariaDB-0+deb12u2"), (10, 11, 14));
        assert_eq!(version("5.5.5-10.6.1-MariaDB-log"), (10, 6, 1));
        assert_eq!(version("8.4.3"), (8, 4, 3));
        assert_eq!(version("9.1"), (9, 1, 0));
        assert_eq!(version("x"), (0, 0, 0));
    }

    /// Run against a server where there is one: no door of this crate's own would try it.
    #[tokio::test]
    async fn a_reading_session_cannot_write_and_a_measuring_one_can() {
        use crate::private_server::{PrivateServer, find_programs};
        let Some(programs) = find_programs(None) else { return };
        let server = PrivateServer::start(&programs).expect("started");
        let target = Target::parse(&server.url_of("mysql"), &std::collections::BTreeMap::new()).expect("a good URL");
        let mut session = Session::open(&target, Purpose::Measure).await.expect("a session");
        session.run("CREATE DATABASE d").await.expect("made");
        session.run("CREATE TABLE d.t (a int)").await.expect("made");
        session.close().await;
        let mut session = Session::open(&target, Purpose::Read).await.expect("a session");
        for sql in ["INSERT INTO d.t VALUES (1)", "DROP TABLE d.t", "CREATE TABLE d.u (a int)"] {
            let error = session.run(sql).await.expect_err(sql);
            assert_eq!((error.code, error.kind), ("SG-MY-019", ErrorKind::Permission), "{sql}: {error:?}");
        }
        session.close().await;
    }
}
