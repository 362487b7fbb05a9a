//! Killed, cancelled, denied: each is an error of its kind, never an end of the rows. Cut connections: `segue-sim`'s conformance.

use segue_engine::rows::{Batch, Rows as _};
use segue_engine::{EngineError, ErrorKind};

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
