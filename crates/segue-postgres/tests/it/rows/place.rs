//! Marks, and followers that have come as far: a standby, a subscriber, and what follows nothing.

use segue_engine::quote;
use segue_engine::rows::{Applied, Mark, Rows as _};
use segue_postgres::PostgresEngine;
use segue_postgres::private_server::{PrivateServer, Setup};

use super::{read, whole};
use crate::database::{bins, connect, databases, engine};

/// Asks until it is applied; bounded.
async fn reached(follower: &PostgresEngine, mark: &Mark) {
    let mut last = None;
    for _ in 0..3000 {
        match follower.applied(mark).await.expect("an answer") {
            Applied::Yes => return,
            other => last = Some(other),
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{mark:?} never came: {last:?}");
}

#[tokio::test]
async fn a_mark_is_at_or_after_every_commit_flushed_or_not() {
    for db in databases("create table t (id int)").await {
        let mut before = db.engine.mark().await.expect("a mark").expect("a place");
        assert_eq!(before.kind, "postgres-lsn");
        for flushed in ["on", "off"] {
            db.client.batch_execute(&format!("set synchronous_commit = {flushed}; insert into t values (1)")).await.expect("committed");
            let at: String = db.client.query_one("select pg_current_wal_insert_lsn()::text", &[]).await.expect("a place").get(0);
            let after = db.engine.mark().await.expect("a mark").expect("a place");
            let behind: bool = db
                .client
                .query_one("select split_part($1::text, ' ', 1)::pg_lsn > split_part($2::text, ' ', 1)::pg_lsn", &[&after.at, &before.at])
                .await
                .expect("compared")
                .get(0);
            assert!(behind, "{} after {}", after.at, before.at);
            let page: bool = db
                .client
                .query_one("select split_part($1::text, ' ', 1)::pg_lsn >= $2::text::pg_lsn - 40", &[&after.at, &at])
                .await
                .expect("compared")
                .get(0);
            assert!(page, "{} is not before {at}", after.at);
            before = after;
        }
    }
}

#[tokio::test]
async fn what_follows_nothing_says_so() {
    for db in databases("").await {
        let mark = db.engine.mark().await.expect("a mark").expect("a place");
        assert!(matches!(db.engine.applied(&mark).await.expect("an answer"), Applied::NoStream(why) if why.contains("no subscription")));
        let other = Mark { kind: "mysql-gtid".to_owned(), at: "0-1-5".to_owned() };
        assert!(matches!(db.engine.applied(&other).await.expect("an answer"), Applied::NoStream(why) if why.contains("mysql-gtid")));
        let torn = Mark { kind: "postgres-lsn".to_owned(), at: "nowhere".to_owned() };
        assert_eq!(db.engine.applied(&torn).await.expect_err("no place").code, "SG-PG-012");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_has_applied_what_was_committed_before_the_mark() {
    let make = "create table t (id int primary key, v text)";
    let (sources, targets) = (databases(make).await, databases(make).await);
    for (source, target) in sources.iter().zip(&targets) {
        source
            .client
            .batch_execute("create publication p for table t; insert into t select g, 'first' from generate_series(1, 100) g")
            .await
            .expect("published");
        let slot = format!("s{}", std::process::id());
        source.client.execute("select pg_create_logical_replication_slot($1, 'pgoutput')", &[&slot]).await.expect("a slot");
        let here: i32 = source.client.query_one("select inet_server_port()", &[]).await.expect("a port").get(0);
        let name: String = source.client.query_one("select current_database()::text", &[]).await.expect("a name").get(0);
        let password = source.url.split_once("postgres:").and_then(|(_, rest)| rest.split_once("postgres:")).map_or_else(
            || source.url.trim_start_matches("postgres://postgres:").split('@').next().unwrap_or_default(),
            |(_, rest)| rest.split('@').next().unwrap_or_default(),
        );
        let conninfo = format!(
            "host=127.0.0.1 port={here} user=postgres password={password} dbname='{}'",
            name.replace('\\', "\\\\").replace('\'', "\\'")
        );
        target
            .client
            .batch_execute(&format!(
                "create subscription s connection {} publication p with (create_slot = false, slot_name = '{slot}')",
                quote::text(&conninfo)
            ))
            .await
            .expect("subscribed");
        let whole = whole(&source.engine, "t").await.in_order();
        for round in 0..5 {
            let sql = format!(
                "insert into t select g, 'round {round}' from generate_series({0}, {0} + 99) g; update t set v = v || '!' where id % 7 = 0",
                (round + 2) * 100
            );
            source.client.batch_execute(&sql).await.expect("written");
            let mark = source.engine.mark().await.expect("a mark").expect("a place");
            reached(&target.engine, &mark).await;
            assert!(read(&source.engine, &whole).await == read(&target.engine, &whole).await, "everything before the mark is there");
        }
        // A role that may read the table and nothing else gets the same answers.
        crate::database::role(&target.client, "follower").await;
        target.client.batch_execute("alter role follower login password 'x'").await.expect("a role");
        let narrow = engine(&format!("postgres://follower:x@{}", target.url.split_once('@').expect("a login").1));
        reached(&narrow, &source.engine.mark().await.expect("a mark").expect("a place")).await;
        assert!(narrow.mark().await.expect("a mark").is_some());
        target.client.batch_execute("alter subscription s disable").await.expect("disabled");
        let mark = source.engine.mark().await.expect("a mark").expect("a place");
        assert!(matches!(target.engine.applied(&mark).await.expect("an answer"), Applied::NoStream(why) if why.contains("disabled")));
        target.client.batch_execute("alter subscription s set (slot_name = none)").await.expect("let go");
        target.client.batch_execute("drop subscription s").await.expect("dropped");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_has_replayed_what_was_committed_before_the_mark() {
    for bins in bins() {
        let source = PrivateServer::start(&bins).expect("started");
        let standby = PrivateServer::start_with(&bins, Setup::standby_of(&source)).expect("a standby");
        let client = connect(&source.url()).await;
        client.batch_execute("create table t (id int primary key, v text)").await.expect("made");
        let (from, to) = (engine(&source.url()), engine(&standby.url()));
        for round in 0..5 {
            client
                .batch_execute(&format!(
                    "set synchronous_commit = off; insert into t select g, 'x' from generate_series({0}, {0} + 99) g",
                    round * 100
                ))
                .await
                .expect("written");
            let mark = from.mark().await.expect("a mark").expect("a place");
            reached(&to, &mark).await;
            let moment = to.snapshot(2).await.expect("a moment of a standby");
            assert_eq!(moment.readers(), 2);
            let whole = whole(&to, "t").await;
            assert_eq!(moment.count(&whole).await.expect("counted"), (round + 1) * 100);
            assert_eq!(super::rows(&*moment, &whole).await.expect("rows").len() as u64, (round + 1) * 100);
        }
        let facts = segue_engine::rows::Rows::facts(&to).await.expect("facts");
        assert!(facts.read_only);
        assert!(to.mark().await.expect("a mark").is_some(), "a standby has a place, too");
        let mut foreign = from.mark().await.expect("a mark").expect("a place");
        foreign.at = "0/1 of system 7".to_owned();
        assert!(matches!(to.applied(&foreign).await.expect("an answer"), Applied::NoStream(why) if why.contains("another server")));
    }
}
