//! What an error shows: its kind, its code, names; never a value of a row.

use segue_engine::{Engine as _, EngineError, ErrorKind, Piece, Reshape as _};

use crate::database::{Database, connect, databases, engine, guard, table};

const CANARY: &str = "canary-4711";

fn check(error: &EngineError, kind: ErrorKind, code: &str) {
    assert_eq!((error.kind, error.code), (kind, code), "{error}");
    let mut shown = format!("{error} {error:?} {}", error.help);
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        shown.push_str(&format!("{inner} {inner:?}"));
        cause = inner.source();
    }
    assert!(!shown.contains(CANARY), "{shown}");
}

async fn failing(db: &Database, sql: &str) -> EngineError {
    db.engine.query_digest(sql).await.expect_err(sql)
}

#[tokio::test]
async fn no_value_of_a_row_is_in_an_error() {
    let setup = format!(
        "create table secret (id int primary key, word text); insert into secret values (1, '{CANARY}'); \
         create function leak(text) returns int language plpgsql as $$ begin raise exception 'row %', $1 using detail = $1, errcode = '42P01'; end $$; \
         create function refuse(text) returns int language plpgsql as $$ begin raise exception 'row %', $1; end $$; \
         create domain short as text check (length(value) < 3)"
    );
    for db in databases(&setup).await {
        check(&failing(&db, "select word::int from secret").await, ErrorKind::Value, "SG-PG-012");
        check(&failing(&db, "select word::timestamptz from secret").await, ErrorKind::Value, "SG-PG-012");
        check(&failing(&db, "select word::jsonb from secret").await, ErrorKind::Value, "SG-PG-012");
        check(&failing(&db, "select word::short from secret").await, ErrorKind::Constraint, "SG-PG-011");
        check(&failing(&db, "select refuse(word) from secret").await, ErrorKind::Constraint, "SG-PG-025");
        check(&failing(&db, "select leak(word) from secret").await, ErrorKind::Object, "SG-PG-013");
        check(&failing(&db, "select wort from secret").await, ErrorKind::Object, "SG-PG-013");
        check(&failing(&db, "select from from secret").await, ErrorKind::Syntax, "SG-PG-016");
        let named = failing(&db, "select wort from secret").await;
        assert!(named.to_string().contains("\"wort\""), "what is missing is named: {named}");
    }
}

#[tokio::test]
async fn a_unique_violation_names_the_constraint_alone() {
    for db in databases("").await {
        db.engine.make(&guard("one", 1), Piece::Control).await.expect("made");
        db.client
            .batch_execute(&format!(
                "create unique index \"the {{index}}\" on segue.applied (tag); \
                 insert into segue.applied (run, tag, spec_digest) values ('x', '{CANARY}', 'x')"
            ))
            .await
            .expect("a trap");
        let mut clash = guard("one", 1);
        clash.tag = CANARY.to_owned();
        let error = db.engine.make(&clash, Piece::Finish).await.expect_err("a duplicate");
        check(&error, ErrorKind::Constraint, "SG-PG-011");
        assert!(error.to_string().contains("the {index}"), "{error}");
    }
}

#[tokio::test]
async fn a_lock_that_is_not_had_can_be_tried_again() {
    for db in databases("").await {
        db.engine.make(&guard("one", 1), Piece::Control).await.expect("made");
        db.client.batch_execute("begin; select 1 from segue.control for update").await.expect("a holder");
        let error = db.engine.make(&guard("one", 1), Piece::Finish).await.expect_err("held");
        check(&error, ErrorKind::LockTimeout, "SG-PG-007");
        db.client.batch_execute("rollback").await.expect("released");
        db.engine.make(&guard("one", 1), Piece::Finish).await.expect("tried again");
    }
}

#[tokio::test]
async fn a_deadlock_is_known_as_one() {
    // The application holds the history and wants the control row; our transaction holds the row and wants the history.
    for db in databases("").await {
        // A session looks for a deadlock once, after this time of waiting: by then the other must be waiting, too.
        let ours = "do $$ begin execute format('alter database %I set deadlock_timeout = %L', current_database(), '3s'); end $$";
        db.client.batch_execute(ours).await.expect("a setting");
        let watch = connect(&db.url).await;
        let mut one = guard("one", 1);
        one.lock_timeout_ms = 60_000;
        db.engine.make(&one, Piece::Control).await.expect("made");
        db.client.batch_execute("set deadlock_timeout = '60s'; begin; lock table segue.applied in exclusive mode").await.expect("a holder");
        let finishing = async { db.engine.make(&one, Piece::Finish).await };
        let blocking = async {
            crate::database::until(
                &watch,
                "select exists (select from pg_locks where relation = 'segue.applied'::regclass and not granted)",
            )
            .await;
            db.client.batch_execute("select 1 from segue.control for update; commit").await
        };
        let (finished, application) = tokio::join!(finishing, blocking);
        check(&finished.expect_err("we are the victim"), ErrorKind::Deadlock, "SG-PG-008");
        application.expect("the application never is");
    }
}

#[tokio::test]
async fn who_is_not_let_in_learns_why_without_the_password() {
    for db in databases("").await {
        let (before, after) = db.url.split_once('@').expect("a login");
        let (scheme, _) = before.split_once("://").expect("a scheme");
        let wrong = engine(&format!("{scheme}://postgres:{CANARY}@{after}"));
        check(&wrong.tables().await.expect_err("a wrong password"), ErrorKind::Credentials, "SG-PG-002");
        let nowhere = engine(&format!("postgres://postgres:{CANARY}@127.0.0.1:1/x"));
        check(&nowhere.tables().await.expect_err("nobody there"), ErrorKind::Connection, "SG-PG-001");
        let absent = engine(&format!("{}/nosuch", db.url.rsplit_once('/').expect("a path").0));
        check(&absent.resolve(&table("t")).await.expect_err("no such database"), ErrorKind::Credentials, "SG-PG-013");
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let engine = engine(&format!("postgres://postgres@127.0.0.1:{port}/x?connect_timeout=2"));
    check(&engine.tables().await.expect_err("no answer"), ErrorKind::Connection, "SG-PG-001");
}

#[tokio::test]
async fn a_connection_that_was_cut_is_made_again() {
    for db in databases("create table t (id int)").await {
        assert_eq!(db.engine.tables().await.expect("connected").len(), 1);
        db.client
            .batch_execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'segue/%' and datname = current_database()")
            .await
            .expect("cut");
        assert_eq!(db.engine.tables().await.expect("connected again").len(), 1);
    }
}
