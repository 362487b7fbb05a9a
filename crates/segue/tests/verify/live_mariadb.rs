//! A pair of MariaDB servers that lives: a replica by GTID that follows its source while eight writers write. Behind the
//! barrier nothing that is only late is called different, and one planted difference is found.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Opts};
use segue_mysql::private_server::PrivateServer;
use serde_json::{Value, json};

use crate::room::{Room, table};

/// Rows that the writers begin with; those below 100 are left alone, for the planted difference.
const ROWS: u64 = 2_000;
const WRITERS: u64 = 8;

async fn client(server: &PrivateServer, database: &str) -> Conn {
    Conn::new(Opts::from_url(&server.url_of(database)).expect("a URL")).await.expect("connects")
}

async fn run(client: &mut Conn, sql: &str) {
    client.query_drop(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
}

/// The source, and a replica of it.
async fn replica() -> Option<(PrivateServer, PrivateServer)> {
    let programs = crate::engines::mariadb()?;
    let start = |id: &str| {
        let settings = ["log-bin=binlog", "binlog-format=ROW", id, "slave-parallel-threads=0"];
        PrivateServer::start_with(&programs, &settings, &[]).expect("started")
    };
    let (source, target) = (start("server-id=1"), start("server-id=2"));
    let (mut here, mut there) = (client(&source, "").await, client(&target, "").await);
    // What the replica did before it was one is no part of its position.
    for client in [&mut here, &mut there] {
        run(client, "reset master").await;
    }
    run(&mut there, "set global gtid_slave_pos = ''").await;
    let change = format!(
        "change master to master_host = '127.0.0.1', master_port = {}, master_user = 'root', master_password = '{}', \
         master_use_gtid = slave_pos, master_connect_retry = 1",
        source.port(),
        source.password()
    );
    run(&mut there, &change).await;
    run(&mut there, "start slave").await;
    run(&mut here, "create database live").await;
    let mut here = client(&source, "live").await;
    run(&mut here, "create table t (id bigint primary key, n bigint not null, v text)").await;
    run(&mut here, &format!("insert into t select seq, 0, concat('v', seq) from seq_1_to_{ROWS}")).await;
    let began = Instant::now();
    loop {
        let seen: Result<Option<u64>, _> = there.query_first("select count(*) from live.t").await;
        if seen.is_ok_and(|count| count == Some(ROWS)) {
            break;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "the replica does not follow: {}", target.log());
        tokio::task::yield_now().await;
    }
    Some((source, target))
}

/// Inserts, updates and deletes, until it is told to stop.
async fn write(mut client: Conn, seed: u64, stop: Arc<AtomicBool>, written: Arc<AtomicU64>) {
    let mut state = seed * 7_919 + 1;
    let mut next = move |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    // A pace that a replica on the same two cores can follow.
    let mut beat = tokio::time::interval(Duration::from_millis(40));
    while !stop.load(Ordering::SeqCst) {
        beat.tick().await;
        let (a, b, c) = (100 + next(ROWS), 100 + next(ROWS), 100 + next(ROWS * 2));
        for sql in [
            format!("update t set n = n + 1, v = concat(v, '.') where id = {a}"),
            format!("delete from t where id = {b}"),
            format!("insert into t values ({c}, {seed}, 'new') on duplicate key update n = n + 1, v = 'again'"),
        ] {
            // Writers may be each other's deadlock: that one is rolled back, and no promise was made.
            if client.query_drop(sql).await.is_ok() {
                written.fetch_add(1, Ordering::SeqCst);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_late_is_different_and_one_planted_difference_is_found_on_mariadb() {
    let Some((source, target)) = replica().await else { return };
    let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let mut writers = Vec::new();
    for seed in 0..WRITERS {
        writers.push(tokio::spawn(write(client(&source, "live").await, seed, Arc::clone(&stop), Arc::clone(&written))));
    }
    let room = Room::shop();
    let (here, there) = (source.url_of("live"), target.url_of("live"));
    let look = || {
        let said = tokio::task::block_in_place(|| room.segue(&["verify", "--source", &here, "--target", &there, "--format", "json"]));
        let document: Value = serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}"));
        (said.code, document)
    };
    // In `soak` for a minute and more; else until there were some looks and some writes between them.
    let looks = if std::env::var_os("SEGUE_SOAK").is_some() { 60 } else { 6 };
    let (mut equal, mut barrier) = (0, 0);
    for _ in 0..looks {
        let (code, document) = look();
        let seen = table(&document, "t");
        assert!(code == 0 || code == 1, "late rows were called different: {document:#}");
        let counts = (&seen["missing_in_target"], &seen["extra_in_target"], &seen["changed"]);
        assert_eq!(counts, (&json!(0), &json!(0), &json!(0)), "{document:#}");
        equal += usize::from(code == 0);
        barrier += usize::from(seen["notes"].to_string().contains("after the target had applied"));
    }
    assert!(equal > 0, "the barrier never came to an answer");
    assert!(written.load(Ordering::SeqCst) > 50, "there was nothing to be late");
    let mut planter = client(&target, "live").await;
    run(&mut planter, "set session sql_log_bin = 0").await;
    run(&mut planter, "update t set v = 'planted' where id = 5").await;
    let (code, document) = look();
    let seen = table(&document, "t");
    assert_eq!((code, &seen["changed"]), (4, &json!(1)), "{document:#}");
    assert_eq!((&seen["missing_in_target"], &seen["extra_in_target"]), (&json!(0), &json!(0)));
    assert_eq!((&seen["examples"][0]["key"], &seen["examples"][0]["columns"]), (&json!({"id": 5}), &json!(["v"])));
    barrier += usize::from(seen["notes"].to_string().contains("after the target had applied"));
    assert!(barrier > 0, "no look was taken behind the barrier: {document:#}");
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.expect("a writer ends");
    }
    run(&mut planter, "stop slave").await;
}
