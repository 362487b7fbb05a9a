//! What a plan renders for people, run word for word: a database that follows another one, the switch, and the way back.
//!
//! A way back that was never gone is a hope: each undo of the plan is run as well, with rows written in between.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use segue_postgres::private_server::{PrivateServer, Setup, find_bins};
use serde_json::Value;
use tokio_postgres::{Client, NoTls};

use crate::fixture::Folder;

const SPEC: &str = "segue: 1\nid: UP-1\nkind: version-upgrade\nsystems:\n  old: {postgres: {url: env:OLD_URL}, facts: {version: PostgreSQL 14, size: 1GiB}}\n  \
    new: {postgres: {url: env:NEW_URL}, facts: {version: PostgreSQL 18}}\nmove: {from: old, to: new}\n";

/// A step of the plan, and how it is undone.
pub(crate) struct Plan(Value);

impl Plan {
    pub(crate) fn of(folder: &Folder, spec: &str) -> Self {
        folder.write("segue.yaml", spec);
        let said = folder.segue(&["plan", "--offline", "--format", "json"]).expect(0);
        Self(serde_json::from_str(&said.out).expect("JSON"))
    }

    fn step(&self, id: &str) -> &Value {
        let steps = self.0["phases"].as_array().into_iter().flatten().flat_map(|phase| phase["steps"].as_array().into_iter().flatten());
        steps.into_iter().find(|step| step["id"] == id).unwrap_or_else(|| panic!("no step {id}"))
    }

    /// Language and text.
    pub(crate) fn forward(&self, id: &str) -> (String, String) {
        command(&self.step(id)["outside"]["command"])
    }

    /// The same of its way back.
    pub(crate) fn undo(&self, id: &str) -> (String, String) {
        command(&self.step(id)["undo"]["by_command"])
    }
}

fn command(value: &Value) -> (String, String) {
    let text = |key: &str| value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}")).to_owned();
    (text("language"), text("text"))
}

/// Both sides, with the variables that the steps ask for.
struct Sides {
    source: Client,
    target: Client,
    programs: PathBuf,
    env: Vec<(&'static str, String)>,
}

impl Sides {
    async fn run(&self, (language, text): (String, String), sql_on: &Client) {
        if language == "sql" {
            sql_on.batch_execute(&text).await.unwrap_or_else(|error| panic!("{text}: {error}"));
            return;
        }
        let path = format!("{}:{}", self.programs.display(), std::env::var("PATH").unwrap_or_default());
        let mut bash = Command::new("bash");
        bash.args(["-c", &format!("set -euo pipefail\n{text}")]).env("PATH", path).envs(self.env.iter().map(|(name, value)| (name, value)));
        let output = bash.output().expect("bash runs");
        assert!(output.status.success(), "{text}\n{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("connects");
    tokio::spawn(connection);
    client
}

async fn number(client: &Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).await.unwrap_or_else(|error| panic!("{sql}: {error}")).get(0)
}

/// Waits until a query answers so, bounded.
async fn until(client: &Client, sql: &str, expect: i64) {
    let started = Instant::now();
    loop {
        let now = number(client, sql).await;
        if now == expect {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{sql}: {now}, and not {expect} within 60 s");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The programs of a client, which not every folder of a server has.
fn client_programs(all: &[PathBuf]) -> &Path {
    all.iter().find(|bins| bins.join("psql").exists() && bins.join("pg_dump").exists()).expect("psql and pg_dump")
}

const COUNT: &str = "select count(*) from orders";
const SUM: &str = "select coalesce(sum(id * length(note)), 0)::bigint from orders";

#[test]
fn an_upgrade_of_postgresql_goes_there_and_back_by_the_words_of_its_plan() {
    let bins = find_bins(std::env::var("SEGUE_TEST_PG_BINS").ok().as_deref());
    let programs = client_programs(&bins).to_owned();
    let setup = || Setup { settings: vec![("wal_level".to_owned(), "logical".to_owned())], ..Setup::default() };
    let old = PrivateServer::start_with(&programs, setup()).expect("the old server");
    let new = PrivateServer::start_with(bins.last().expect("programs"), setup()).expect("the new server");
    let folder = Folder::new();
    let plan = Plan::of(&folder, SPEC);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        for server in [&old, &new] {
            connect(&server.url()).await.batch_execute("create database shop").await.expect("a database");
        }
        let conninfo = |server: &PrivateServer| {
            format!("host=127.0.0.1 port={} user=postgres dbname=shop password={}", server.port(), server.password())
        };
        let mut sides = Sides {
            source: connect(&old.url_of("shop")).await,
            target: connect(&new.url_of("shop")).await,
            programs,
            env: vec![
                ("SOURCE_URL", old.url_of("shop")),
                ("TARGET_URL", new.url_of("shop")),
                ("SOURCE_CONNINFO", conninfo(&old)),
                ("TARGET_CONNINFO", conninfo(&new)),
                ("TARGET_ADMIN_URL", new.url()),
                ("TARGET_DATABASE", "shop".to_owned()),
            ],
        };
        let sql = "create table orders (id bigint generated by default as identity primary key, note text);
            insert into orders (note) select 'n' || g from generate_series(1, 100) g";
        sides.source.batch_execute(sql).await.expect("rows");
        followed(&plan, &sides).await;
        switched(&plan, &sides).await;
        // The end of the stream, and the target as empty as it was.
        sides.run(plan.undo("follow/follow-old"), &sides.target).await;
        sides.run(plan.undo("follow/publish-old"), &sides.source).await;
        assert_eq!(number(&sides.source, "select count(*) from pg_replication_slots").await, 0, "no slot keeps the log");
        assert_eq!(number(&sides.source, "select count(*) from pg_publication").await, 0);
        sides.run(plan.undo("follow/schema-old"), &sides.target).await;
        sides.target = connect(&new.url_of("shop")).await;
        assert_eq!(number(&sides.target, "select count(*) from pg_tables where schemaname = 'public'").await, 0);
    });
}

async fn followed(plan: &Plan, sides: &Sides) {
    sides.run(plan.forward("prepare/extensions"), &sides.source).await;
    sides.run(plan.forward("follow/schema-old"), &sides.target).await;
    sides.run(plan.forward("follow/publish-old"), &sides.source).await;
    sides.run(plan.forward("follow/follow-old"), &sides.target).await;
    until(&sides.target, "select count(*) from pg_subscription_rel where srsubstate <> 'r'", 0).await;
    until(&sides.target, COUNT, 100).await;
    sides.source.batch_execute("insert into orders (note) values ('a'), ('b'); delete from orders where id = 1").await.expect("writes");
    until(&sides.target, COUNT, 101).await;
    sides.run(plan.forward("follow/statistics"), &sides.target).await;
}

async fn switched(plan: &Plan, sides: &Sides) {
    sides.run(plan.forward("cutover/sequences-old"), &sides.target).await;
    sides.run(plan.forward("cutover/arm-back-old"), &sides.target).await;
    until(&sides.source, "select count(*) from pg_stat_subscription where subname = 'segue_back' and pid is not null", 1).await;
    let writes = "insert into orders (note) values ('on the new side'); update orders set note = 'changed' where id = 2; delete from orders where id = 3";
    sides.target.batch_execute(writes).await.expect("no key is given twice");
    let sum = number(&sides.target, SUM).await;
    until(&sides.source, SUM, sum).await;
    assert_eq!(number(&sides.source, COUNT).await, 101);
    // The way back of the arming itself: the target follows again, and nothing arrives twice.
    sides.run(plan.undo("cutover/arm-back-old"), &sides.target).await;
    assert_eq!(number(&sides.source, "select count(*) from pg_subscription").await, 0);
    sides.source.batch_execute("insert into orders (id, note) values (9000, 'after the way back')").await.expect("a write");
    until(&sides.target, COUNT, 102).await;
    assert_eq!(number(&sides.target, SUM).await, number(&sides.source, SUM).await);
}
