//! The same for MariaDB: a server that never followed anybody follows the new one from the switch on, by the plan's words.
//!
//! The client's programs may not be there: the few forms in which a plan calls `mysql` are read here, and their SQL is run
//! word for word over a connection.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Opts};
use segue_mysql::private_server::{PrivateServer, Programs, find_programs};

use crate::fixture::Folder;
use crate::rendered::Plan;

const SPEC: &str = "segue: 1\nid: UP-2\nkind: version-upgrade\nsystems:\n  old: {mysql: {url: env:OLD_URL}, facts: {version: MariaDB 10.6, size: 1GiB}}\n  \
    new: {mysql: {url: env:NEW_URL}, facts: {version: MariaDB 10.11}}\nmove: {from: old, to: new}\n";

async fn server(programs: &Programs, id: u32) -> (PrivateServer, Conn) {
    let settings = ["log-bin=DIR/bin", &format!("server-id={id}"), "binlog-format=ROW"];
    let server = PrivateServer::start_with(programs, &settings, &[]).expect("a server");
    let conn = Conn::new(Opts::from_url(&server.url_of("mysql")).expect("a URL")).await.expect("connects");
    (server, conn)
}

/// `$NAME` of a text in a here-document that the shell fills in.
fn filled(text: &str, env: &BTreeMap<String, String>) -> String {
    let mut out = text.to_owned();
    for (name, value) in env.iter().rev() {
        out = out.replace(&format!("${name}"), value);
    }
    assert!(!out.contains('$'), "a variable that nobody set: {out}");
    out
}

/// One side of the two for `--defaults-extra-file="$SOURCE_CNF"`.
struct Sides {
    source: Conn,
    target: Conn,
    env: BTreeMap<String, String>,
}

impl Sides {
    fn of(&mut self, line: &str) -> &mut Conn {
        if line.contains("\"$SOURCE_CNF\"") { &mut self.source } else { &mut self.target }
    }

    /// Runs a text of the plan: `mysql … --execute=…`, `name=$(mysql … --execute='…')`, `mysql … <<SQL`.
    async fn run(&mut self, text: &str) {
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let sql = line.split_once("--execute=").map(|(_, sql)| sql.trim_end_matches(')').trim_matches(['"', '\'']).to_owned());
            match (line.split_once("=$(mysql "), sql) {
                (Some((name, _)), Some(sql)) => {
                    let value: Option<String> = self.of(line).query_first(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
                    self.env.insert(name.to_owned(), value.unwrap_or_default());
                }
                (None, Some(sql)) => self.execute(line, &sql).await,
                _ => {
                    assert!(line.starts_with("mysql ") && line.ends_with("<<SQL"), "a form that is not known: {line}");
                    let inside: Vec<&str> = lines.by_ref().take_while(|line| *line != "SQL").collect();
                    let sql = filled(&inside.join("\n"), &self.env);
                    self.execute(line, &sql).await;
                }
            }
        }
    }

    async fn execute(&mut self, line: &str, sql: &str) {
        // The private servers speak without TLS, and not at the usual port.
        for statement in sql.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
            let statement = statement.replace("master_ssl = 1", "master_ssl = 0");
            let port = if line.contains("\"$SOURCE_CNF\"") { &self.env["TARGET_PORT"] } else { &self.env["SOURCE_PORT"] };
            let statement = statement.replace("master_port = 3306", &format!("master_port = {port}"));
            self.of(line).query_drop(&statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
    }
}

async fn number(conn: &mut Conn, sql: &str) -> i64 {
    let found: Option<Option<i64>> = conn.query_first(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    found.flatten().unwrap_or_default()
}

/// Waits until a query answers so, bounded; a replica that stopped says why.
async fn until(conn: &mut Conn, sql: &str, expect: i64) {
    let started = Instant::now();
    loop {
        let now = number(conn, sql).await;
        if now == expect {
            return;
        }
        if started.elapsed() > Duration::from_secs(60) {
            let status: Option<mysql_async::Row> = conn.query_first("show slave status").await.expect("a status");
            let said = |name: &str| status.as_ref().and_then(|row| row.get::<Option<String>, _>(name).flatten()).unwrap_or_default();
            panic!("{sql}: {now}, and not {expect} within 60 s; {} {}", said("Last_IO_Error"), said("Last_SQL_Error"));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

const COUNT: &str = "select count(*) from shop.orders";
const SUM: &str = "select cast(sum(id * length(note)) as signed) from shop.orders";

#[test]
fn a_server_that_followed_nobody_follows_the_new_one_from_the_switch_on() {
    let home = std::env::var_os("SEGUE_TEST_MARIADB").map(std::path::PathBuf::from);
    let Some(programs) = find_programs(home.as_deref()) else {
        assert!(std::env::var_os("CI").is_none(), "with CI set, MariaDB must be there");
        return;
    };
    let folder = Folder::new();
    let plan = Plan::of(&folder, SPEC);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let ((old, source), (new, target)) = (server(&programs, 1).await, server(&programs, 2).await);
        let own = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let env = [
            own("SOURCE_HOST", "127.0.0.1"),
            own("TARGET_HOST", "127.0.0.1"),
            own("SOURCE_PORT", &old.port().to_string()),
            own("TARGET_PORT", &new.port().to_string()),
            own("REPLICATION_USER", "root"),
            own("REPLICATION_PASSWORD", old.password()),
        ];
        assert_eq!(old.password(), new.password(), "one account for both");
        let mut sides = Sides { source, target, env: env.into() };
        let rows = "create database shop; create table shop.orders (id bigint primary key auto_increment, note varchar(40));
            insert into shop.orders (note) values ('a'); insert into shop.orders (note) values ('b'); insert into shop.orders (note) values ('c')";
        sides.source.query_drop(rows).await.expect("rows");
        // What the dump does on the target: the same rows, and the place in the source's log that they stand for.
        sides.target.query_drop(rows).await.expect("rows");
        let at: Option<String> = sides.source.query_first("select @@global.gtid_binlog_pos").await.expect("a place");
        sides.target.query_drop(format!("set global gtid_slave_pos = '{}'", at.unwrap_or_default())).await.expect("a place");
        let (_, follow) = plan.forward("follow/follow-old");
        let after_the_dump = follow.find("mysql --defaults-extra-file=\"$TARGET_CNF\" <<SQL").expect("how it follows");
        sides.run(&follow[after_the_dump..]).await;
        sides.source.query_drop("insert into shop.orders (note) values ('followed')").await.expect("a write");
        until(&mut sides.target, COUNT, 4).await;

        sides.run(&plan.forward("cutover/arm-back-old").1).await;
        let writes = "insert into shop.orders (note) values ('on the new side'); update shop.orders set note = 'changed' where id = 2; \
            delete from shop.orders where id = 1";
        sides.target.query_drop(writes).await.expect("writes");
        let sum = number(&mut sides.target, SUM).await;
        until(&mut sides.source, SUM, sum).await;

        sides.run(&plan.undo("cutover/arm-back-old").1).await;
        sides.source.query_drop("insert into shop.orders (note) values ('after the way back')").await.expect("a write");
        until(&mut sides.target, COUNT, 5).await;
        let sum = number(&mut sides.source, SUM).await;
        until(&mut sides.target, SUM, sum).await;
    });
}
