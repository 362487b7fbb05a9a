//! A standby follows its source, and throws away rows that a comparison still reads: never equal, never different.

use std::time::Duration;

use segue_postgres::private_server::{PrivateServer, Setup, find_bins};
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::room::{Room, table};
use crate::said::Said;
use crate::too_old::{client, somebody_waits, twins};

/// Waits until a query says true; bounded.
async fn until(client: &Client, sql: &str) {
    for _ in 0..6_000 {
        if client.query_one(sql, &[]).await.expect(sql).get(0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never true: {sql}");
}

/// Waits until the standby has everything that the source has now.
async fn follows(source: &Client, standby: &Client) {
    let place: String = source.query_one("select pg_current_wal_lsn()::text", &[]).await.expect("a place").get(0);
    until(standby, &format!("select pg_last_wal_replay_lsn() >= '{place}'::pg_lsn")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conflict_with_recovery_is_no_verdict() {
    let bins = find_bins(std::env::var("SEGUE_TEST_PG_BINS").ok().as_deref());
    assert!(!bins.is_empty(), "PostgreSQL server programs: cargo xtask test");
    for bins in bins {
        let still = Setup { settings: vec![("autovacuum".to_owned(), "off".to_owned())], ..Setup::default() };
        let source = PrivateServer::start_with(&bins, still).expect("started");
        let (here, _twin) = twins(&source).await;
        // It never waits for a reader.
        let mut setup = Setup::standby_of(&source);
        setup.settings.push(("max_standby_streaming_delay".to_owned(), "0".to_owned()));
        let standby = PrivateServer::start_with(&bins, setup).expect("a standby");
        let there = client(&standby.url()).await;
        follows(&here, &there).await;
        there.batch_execute("select pg_advisory_lock(7)").await.expect("the gate is closed");
        let room = Room::shop();
        // The twin is another database, so that its reader does not keep the rows that the standby reads.
        let (from, to) = (source.url_of("twin"), standby.url());
        let words = ["verify", "--source", &from, "--target", &to, "--table", "a,b", "--format", "json"];
        let child = room.start(&[&words[..], &["--where", "public.gate()"]].concat());
        somebody_waits(&there).await;
        // The standby's moment is taken and somebody reads in it. What it sees goes.
        here.batch_execute("delete from b where id <= 20").await.expect("deleted");
        here.batch_execute("vacuum b").await.expect("thrown away");
        until(&there, "select confl_snapshot > 0 from pg_stat_database_conflicts where datname = current_database()").await;
        follows(&here, &there).await;
        there.batch_execute("select pg_advisory_unlock(7)").await.expect("the gate is open");
        let output = tokio::task::block_in_place(|| child.wait_with_output().expect("ends"));
        let said = Said::of(&output);
        assert!(said.code == 1 || said.code == 10, "{said:?}");
        let document: Value = serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}"));
        let mut why = Vec::new();
        for name in ["public.a", "public.b"] {
            let seen = table(&document, name);
            assert_eq!((&seen["verdict"], &seen["missing_in_target"]), (&json!("undecided"), &json!(0)), "{document:#}");
            why.push(seen["undecided"].as_str().expect("a reason"));
        }
        // Who hears it from the server says why; who finds its session gone first says that.
        assert!(why.iter().all(|why| why.contains("the target") && (why.contains("SG-PG-152") || why.contains("SG-PG-001"))), "{why:?}");
        assert_eq!(document["verdict"], "undecided");
        // The next moment has an answer.
        let said = tokio::task::block_in_place(|| room.segue(&words)).expect(4);
        let document: Value = serde_json::from_str(&said.out).expect("JSON");
        let verdicts = ["public.a", "public.b"].map(|name| table(&document, name)["verdict"].clone());
        assert_eq!((verdicts, &table(&document, "public.b")["missing_in_target"]), ([json!("equal"), json!("different")], &json!(20)));
    }
}
