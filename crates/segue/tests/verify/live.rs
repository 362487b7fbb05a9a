//! A pair that lives: a subscriber that follows its source while eight writers write. Behind the barrier nothing that is
//! only late is called different, and one planted difference is found.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use segue_postgres::private_server::{PrivateServer, find_bins};
use serde_json::{Value, json};
use tokio_postgres::{Client, NoTls};

use crate::room::{Room, table};

/// Rows that the writers begin with; those below 100 are left alone, for the planted difference.
const ROWS: i64 = 2_000;
const WRITERS: u64 = 8;

async fn client(server: &PrivateServer) -> Client {
    let (client, connection) = tokio_postgres::connect(&server.url(), NoTls).await.expect("connects");
    tokio::spawn(connection);
    client
}

async fn run(client: &Client, sql: &str) {
    client.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
}

/// The source, and a subscriber of it.
async fn follower() -> (PrivateServer, PrivateServer) {
    let bins = find_bins(std::env::var("SEGUE_TEST_PG_BINS").ok().as_deref()).pop().expect("PostgreSQL server programs: cargo xtask test");
    let (source, target) = (PrivateServer::start(&bins).expect("started"), PrivateServer::start(&bins).expect("started"));
    let (here, there) = (client(&source).await, client(&target).await);
    for client in [&here, &there] {
        run(client, "create table t (id bigint primary key, n bigint not null, v text)").await;
    }
    run(&here, &format!("insert into t select i, 0, 'v' || i from generate_series(1, {ROWS}) i")).await;
    run(&here, "create publication p for table t").await;
    let conninfo = format!("host=127.0.0.1 port={} user=postgres password={} dbname=postgres", source.port(), source.password());
    run(&there, &format!("create subscription s connection '{conninfo}' publication p")).await;
    (source, target)
}

/// Inserts, updates and deletes, in transactions of a few rows, until it is told to stop.
async fn write(client: Client, seed: u64, stop: Arc<AtomicBool>, written: Arc<AtomicU64>) {
    let mut state = seed * 7_919 + 1;
    let mut next = move |most: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((state >> 33) % u64::try_from(most).expect("positive")).expect("small")
    };
    // A pace that a subscriber on the same two cores can follow.
    let mut beat = tokio::time::interval(std::time::Duration::from_millis(40));
    while !stop.load(Ordering::SeqCst) {
        beat.tick().await;
        let (a, b, c) = (100 + next(ROWS), 100 + next(ROWS), 100 + next(ROWS * 2));
        let sql = format!(
            "update t set n = n + 1, v = v || '.' where id = {a}; delete from t where id = {b}; \
             insert into t values ({c}, {seed}, 'new') on conflict (id) do update set n = t.n + 1, v = 'again'"
        );
        // Writers may be each other's deadlock: that one is rolled back, and no promise was made.
        if client.batch_execute(&sql).await.is_ok() {
            written.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_late_is_different_and_one_planted_difference_is_found() {
    let (source, target) = follower().await;
    let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let mut writers = Vec::new();
    for seed in 0..WRITERS {
        writers.push(tokio::spawn(write(client(&source).await, seed, Arc::clone(&stop), Arc::clone(&written))));
    }
    let room = Room::shop();
    let (here, there) = (source.url(), target.url());
    let look = || {
        let said = tokio::task::block_in_place(|| room.segue(&["verify", "--source", &here, "--target", &there, "--format", "json"]));
        let document: Value = serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}"));
        (said.code, document)
    };
    // In `soak` for a minute and more; else until there were some looks and some writes between them.
    let looks = if std::env::var_os("SEGUE_SOAK").is_some() { 60 } else { 6 };
    let mut equal = 0;
    for _ in 0..looks {
        let (code, document) = look();
        let seen = table(&document, "public.t");
        assert!(code == 0 || code == 1, "late rows were called different: {document:#}");
        let counts = (&seen["missing_in_target"], &seen["extra_in_target"], &seen["changed"]);
        assert_eq!(counts, (&json!(0), &json!(0), &json!(0)), "{document:#}");
        equal += usize::from(code == 0);
    }
    assert!(equal > 0, "the barrier never came to an answer");
    assert!(written.load(Ordering::SeqCst) > 50, "there was nothing to be late");
    run(&client(&target).await, "update t set v = 'planted' where id = 5").await;
    let (code, document) = look();
    let seen = table(&document, "public.t");
    assert_eq!((code, &seen["changed"]), (4, &json!(1)), "{document:#}");
    assert_eq!((&seen["missing_in_target"], &seen["extra_in_target"]), (&json!(0), &json!(0)));
    assert_eq!((&seen["examples"][0]["key"], &seen["examples"][0]["columns"]), (&json!({"id": 5}), &json!(["v"])));
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.expect("a writer ends");
    }
    run(&client(&target).await, "alter subscription s disable").await;
}
