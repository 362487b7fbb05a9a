//! Killed, cancelled, cut, denied: each is an error of its kind, never an end of the rows.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use segue_engine::rows::{Batch, Rows as _};
use segue_engine::{EngineError, ErrorKind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{rows, whole};
use crate::database::{Database, databases, engine, role};

const MANY: &str =
    "create table t (id int primary key, v text); insert into t select g, repeat('x', 1000) from generate_series(1, 50000) g";

/// Reads to the end after something happened in the middle.
async fn broken(db: &Database, happens: &str) -> EngineError {
    let whole = whole(&db.engine, "t").await;
    let moment = db.engine.snapshot(1).await.expect("a moment");
    let mut stream = moment.stream(&whole).await.expect("a stream");
    let (mut batch, mut seen) = (Batch::default(), 0);
    assert!(stream.next(&mut batch).await.expect("rows"));
    db.client.batch_execute(happens).await.expect("it happens");
    loop {
        match stream.next(&mut batch).await {
            Ok(true) => seen += batch.len(),
            Ok(false) => panic!("an answer of {seen} rows that was broken off looked whole"),
            Err(error) => return error,
        }
    }
}

fn reading(action: &str) -> String {
    format!("select {action}(pid) from pg_stat_activity where datname = current_database() and query like 'copy%' and state = 'active'")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backend_that_is_killed_is_a_broken_connection() {
    for db in databases(MANY).await {
        let error = broken(&db, &reading("pg_terminate_backend")).await;
        assert_eq!((error.code, error.kind), ("SG-PG-001", ErrorKind::Connection), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_is_cancelled_is_an_error() {
    for db in databases(MANY).await {
        let error = broken(&db, &reading("pg_cancel_backend")).await;
        assert_eq!((error.code, error.kind), ("SG-PG-010", ErrorKind::Cancelled), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_goes_on_after_a_cancelled_statement_and_not_after_a_killed_one() {
    for db in databases(MANY).await {
        let whole = whole(&db.engine, "t").await;
        let moment = db.engine.snapshot(1).await.expect("a moment");
        for (action, goes_on) in [("pg_cancel_backend", true), ("pg_terminate_backend", false)] {
            let mut stream = moment.stream(&whole).await.expect("a stream");
            db.client.batch_execute(&reading(action)).await.expect("it happens");
            let mut batch = Batch::default();
            while stream.next(&mut batch).await.is_ok_and(|more| more) {}
            drop(stream);
            let again = moment.count(&whole).await;
            assert_eq!(again.is_ok(), goes_on, "{action}");
            assert!(again.is_ok_and(|count| count == 50_000) || !goes_on);
        }
    }
}

/// A proxy that lets so many bytes of the server pass, over all connections, then cuts.
async fn cut_after(port: u16, bytes: u64) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let own = listener.local_addr().expect("bound").port();
    let left = Arc::new(AtomicU64::new(bytes));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { continue };
            tokio::spawn(pass(client, server, left.clone()));
        }
    });
    own
}

async fn pass(mut client: TcpStream, mut server: TcpStream, left: Arc<AtomicU64>) {
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let up = tokio::io::copy(&mut from_client, &mut to_server);
    let down = async {
        let mut buffer = [0_u8; 4096];
        while let Ok(count) = from_server.read(&mut buffer).await {
            let allowed = left.load(Ordering::SeqCst).min(count as u64);
            left.fetch_sub(allowed, Ordering::SeqCst);
            let sent = to_client.write_all(&buffer[..usize::try_from(allowed).expect("small")]).await;
            if count == 0 || sent.is_err() || allowed < count as u64 {
                break;
            }
        }
    };
    tokio::select! { _ = up => {}, () = down => {} }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_anywhere_is_never_an_end() {
    let small = "create table t (id int primary key, v text); insert into t select g, 'value ' || g from generate_series(1, 300) g";
    for db in databases(small).await {
        let whole = whole(&db.engine, "t").await;
        let port: u16 =
            db.client.query_one("select inet_server_port()", &[]).await.expect("a port").get::<_, i32>(0).try_into().expect("a port");
        let (mut ended, mut cut) = (0, 0);
        for bytes in (500..14_000).step_by(389) {
            let through = db.url.replace(&format!(":{port}/"), &format!(":{}/", cut_after(port, bytes).await));
            assert_ne!(through, db.url, "the proxy is in between");
            let engine = engine(&through);
            let found = async { rows(&*engine.snapshot(1).await?, &whole).await }.await;
            match found {
                Ok(rows) => {
                    assert_eq!(rows.len(), 300, "after {bytes} bytes");
                    ended += 1;
                }
                Err(error) => {
                    assert_eq!(error.kind, ErrorKind::Connection, "after {bytes} bytes: {error}");
                    cut += 1;
                }
            }
        }
        assert!(ended > 0 && cut > 15, "{ended} {cut}");
    }
}

#[tokio::test]
async fn what_a_role_may_not_read_is_said_and_never_left_out() {
    let setup = "create table t (id int primary key, v text); insert into t values (1, 'a'), (2, 'b'); create table secret (id int primary key); \
                 create table r (id int primary key, who text); insert into r values (1, 'x'), (2, 'y'); alter table r enable row level security; \
                 create policy p on r using (who = 'x')";
    for db in databases(setup).await {
        role(&db.client, "narrow reader").await;
        db.client
            .batch_execute("alter role \"narrow reader\" login password 'x'; grant select (id) on t to \"narrow reader\"; grant select on r to \"narrow reader\"")
            .await
            .expect("a role");
        let narrow = engine(&format!("postgres://narrow%20reader:x@{}", db.url.split_once('@').expect("a login").1));
        let described = narrow.describe(&crate::database::table("public.t")).await.expect("described");
        assert_eq!(described.columns[0].unreadable, None);
        assert!(described.columns[1].unreadable.as_ref().is_some_and(|why| why.contains("may not read")));
        let moment = narrow.snapshot(1).await.expect("a moment");
        for name in ["t", "secret", "r"] {
            let error = rows(&*moment, &whole(&db.engine, name).await).await.expect_err(name);
            assert_eq!((error.code, error.kind), ("SG-PG-006", ErrorKind::Permission), "{name}: {error}");
        }
        let mut read = whole(&db.engine, "t").await;
        read.columns.truncate(1);
        assert_eq!(rows(&*moment, &read).await.expect("what it may read").len(), 2);
    }
}

#[tokio::test]
async fn a_table_that_is_not_there_is_an_object_that_is_missing() {
    for db in databases("").await {
        let error = db.engine.describe(&crate::database::table("nowhere")).await.expect_err("none");
        assert_eq!((error.code, error.kind), ("SG-PG-013", ErrorKind::Object));
    }
}
