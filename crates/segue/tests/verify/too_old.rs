//! The moment that is read is thrown away by the server while the comparison goes on: never equal, never different.

use std::time::{Duration, Instant};

use segue_postgres::private_server::{PrivateServer, Setup, find_bins};
use serde_json::{Value, json};
use tokio_postgres::{Client, NoTls};

use crate::room::{Room, table};
use crate::said::Said;

pub(crate) async fn client(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("connects");
    tokio::spawn(connection);
    client
}

/// Two databases with the same rows. `gate()` lets nobody pass who reads while somebody holds the lock.
pub(crate) async fn twins(server: &PrivateServer) -> (Client, Client) {
    client(&server.url()).await.batch_execute("create database twin").await.expect("a database");
    let (here, there) = (client(&server.url()).await, client(&server.url_of("twin")).await);
    for client in [&here, &there] {
        client
            .batch_execute(
                "create function gate() returns boolean language plpgsql volatile set lock_timeout = 0 as $$ begin perform pg_advisory_xact_lock_shared(7); return true; end $$;
                 create table a (id int primary key, v text); insert into a select i, 'v' || i from generate_series(1, 100) i;
                 create table b (id int primary key, v text); insert into b select i, 'v' || i from generate_series(1, 2000) i; analyze",
            )
            .await
            .expect("tables");
    }
    (here, there)
}

/// Waits until some session waits for the gate.
pub(crate) async fn somebody_waits(look: &Client) {
    let began = Instant::now();
    let waits = "select exists (select from pg_locks where locktype = 'advisory' and not granted)";
    while !look.query_one(waits, &[]).await.expect("locks").get::<_, bool>(0) {
        assert!(began.elapsed() < Duration::from_mins(1), "nobody came to the gate");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_that_is_too_old_leaves_its_table_undecided() {
    let bins = find_bins(std::env::var("SEGUE_TEST_PG_BINS").ok().as_deref());
    // The setting is gone since 17.
    let Some(old) = bins.iter().find(|bin| bin.components().any(|part| part.as_os_str() == "15")) else { return };
    let settings = [("old_snapshot_threshold", "0"), ("autovacuum", "off")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let server = PrivateServer::start_with(old, Setup { settings: settings.to_vec(), ..Setup::default() }).expect("started");
    let (_here, there) = twins(&server).await;
    there.batch_execute("select pg_advisory_lock(7)").await.expect("the gate is closed");
    let room = Room::shop();
    let (from, to) = (server.url(), server.url_of("twin"));
    let words = ["verify", "--source", &from, "--target", &to, "--table", "a,b", "--where", "public.gate()", "--format", "json"];
    let child = room.start(&words);
    somebody_waits(&there).await;
    // Both sides have their moment. Rows are updated until a younger one is refused: the server spares a few seconds.
    let younger = client(&server.url_of("twin")).await;
    younger.batch_execute("begin isolation level repeatable read read only; select count(*) from a").await.expect("a moment");
    let began = Instant::now();
    loop {
        for sql in ["update b set v = v || '.' where id <= 20", "vacuum b"] {
            there.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        }
        match younger.batch_execute("select count(*) from b").await {
            Err(error) if error.code().is_some_and(|code| code.code() == "72000") => break,
            other => other.expect("rows, or too old"),
        }
        assert!(began.elapsed() < Duration::from_mins(1), "no moment is ever too old");
        tokio::task::yield_now().await;
    }
    there.batch_execute("select pg_advisory_unlock(7)").await.expect("the gate is open");
    let output = tokio::task::block_in_place(|| child.wait_with_output().expect("ends"));
    let said = Said::of(&output).expect(1);
    let document: Value = serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}"));
    assert_eq!((&document["verdict"], &table(&document, "public.a")["verdict"]), (&json!("undecided"), &json!("equal")), "{document:#}");
    let seen = table(&document, "public.b");
    assert_eq!((&seen["verdict"], &seen["changed"]), (&json!("undecided"), &json!(0)), "{document:#}");
    assert!(seen["undecided"].as_str().is_some_and(|why| why.contains("SG-PG-152") && why.contains("too long ago")), "{document:#}");
}
