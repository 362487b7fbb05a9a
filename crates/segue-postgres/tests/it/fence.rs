//! The fence: a stale executor is refused by the database, and cannot block the next one.

use segue_engine::{Engine as _, ErrorKind, Fence as _, Piece, Reshape as _};

use crate::database::{connect, databases, engine, guard, table, until};

#[tokio::test]
async fn a_stale_epoch_is_refused() {
    for db in databases("").await {
        let (old, new) = (guard("one", 1), guard("one", 2));
        db.engine.take(&old).await.expect("nothing to take without a table");
        db.engine.check(&old).await.expect("nothing to check without a table");
        db.engine.make(&old, Piece::Control).await.expect("made");
        db.engine.check(&old).await.expect("its own epoch");
        db.engine.take(&old).await.expect("its own epoch, again");

        let other = engine(&db.url);
        other.take(&new).await.expect("taken over");
        other.check(&new).await.expect("the new epoch");
        for error in [
            db.engine.check(&old).await.expect_err("check"),
            db.engine.take(&old).await.expect_err("take"),
            db.engine.make(&old, Piece::Finish).await.expect_err("finish"),
            db.engine.unmake(&old, Piece::Control).await.expect_err("unmake"),
            db.engine.take(&guard("two", 9)).await.expect_err("another run"),
            db.engine.check(&guard("two", 9)).await.expect_err("another run"),
        ] {
            assert_eq!(error.kind, ErrorKind::Fenced, "{error}");
        }
        assert_eq!(db.engine.state().await.expect("state").active.expect("a run").2, 2);
    }
}

#[tokio::test]
async fn a_transaction_of_a_stale_executor_does_nothing() {
    for db in databases("create table t (id int primary key)").await {
        let (old, new, t) = (guard("one", 1), guard("one", 2), table("public.t"));
        let error = db.engine.make(&old, Piece::DropTable(&t)).await.expect_err("nobody holds the database");
        assert_eq!(error.kind, ErrorKind::Fenced, "{error}");
        db.engine.make(&old, Piece::Control).await.expect("made");
        engine(&db.url).take(&new).await.expect("taken over");
        let error = db.engine.make(&old, Piece::DropTable(&t)).await.expect_err("stale");
        assert_eq!((error.kind, error.code), (ErrorKind::Fenced, "SG-PG-014"), "{error}");
        assert_eq!(db.engine.tables().await.expect("tables"), std::slice::from_ref(&t));
        engine(&db.url).make(&new, Piece::DropTable(&t)).await.expect("the new executor may");
        assert_eq!(db.engine.tables().await.expect("tables"), []);
    }
}

#[tokio::test]
async fn a_take_over_ends_the_old_executors_sessions() {
    for db in databases("create table t (id int primary key)").await {
        let (old, new) = (guard("one", 1), guard("one", 2));
        db.engine.make(&old, Piece::Control).await.expect("made");
        // What an executor looks like that was stopped in a transaction: it holds the epoch and a table.
        let stopped = connect(&db.url).await;
        stopped
            .batch_execute(
                "set application_name = 'segue/one/02/expand'; set idle_in_transaction_session_timeout = 0; begin; \
                 select 1 from segue.control where run = 'one' and epoch = 1 for share; lock table t",
            )
            .await
            .expect("the old executor");
        // Sessions of another run, and of another whose name begins alike, are left alone.
        let (alike, other) = (connect(&db.url).await, connect(&db.url).await);
        alike.batch_execute("set application_name = 'segue/one-more/x'").await.expect("a session");
        other.batch_execute("set application_name = 'psql'").await.expect("a session");

        let next = engine(&db.url);
        next.take(&new).await.expect("taken over");
        let error = stopped.batch_execute("insert into t values (1); commit").await.expect_err("its session is gone");
        assert!(error.is_closed() || error.code().is_some_and(|code| code.code() == "57P01"), "{error:?}");
        alike.batch_execute("select 1").await.expect("still there");
        other.batch_execute("lock table t").await.expect_err("only outside a transaction");
        other.batch_execute("begin; lock table t nowait; commit").await.expect("the table is free");
        next.check(&new).await.expect("the new epoch");
        // The old executor's other connection was kept for its next use: it connects again, and is refused.
        let error = db.engine.make(&old, Piece::Finish).await.expect_err("refused");
        assert_eq!(error.kind, ErrorKind::Fenced, "{error}");
    }
}

#[tokio::test]
async fn a_take_over_waits_for_the_runs_advisory_lock_without_queueing() {
    for db in databases("").await {
        let (old, new) = (guard("one", 1), guard("one", 2));
        db.engine.make(&old, Piece::Control).await.expect("made");
        // A session that builds an index concurrently under a name that is not the run's any more.
        let builder = connect(&db.url).await;
        let key = {
            use sha2::Digest as _;
            let digest = sha2::Sha256::digest(b"segue/run/one");
            i64::from_be_bytes(digest[..8].try_into().expect("8 bytes"))
        };
        builder.execute("select pg_advisory_lock($1)", &[&key]).await.expect("the lock");
        let next = engine(&db.url);
        let taking = tokio::spawn(async move { next.take(&new).await });
        until(
            &db.client,
            "select exists (select from pg_stat_activity where application_name like 'segue/one/%' and datname = current_database())",
        )
        .await;
        // It never stands in the queue of a lock.
        let queued: bool = db
            .client
            .query_one("select exists (select from pg_locks where locktype = 'advisory' and not granted)", &[])
            .await
            .expect("locks")
            .get(0);
        assert!(!queued);
        assert_eq!(db.engine.state().await.expect("state").active.expect("a run").2, 1);
        builder.execute("select pg_advisory_unlock($1)", &[&key]).await.expect("unlock");
        taking.await.expect("no panic").expect("taken over");
        assert_eq!(db.engine.state().await.expect("state").active.expect("a run").2, 2);
    }
}

#[tokio::test]
async fn every_session_of_ours_is_bounded_and_named() {
    for db in databases("").await {
        // The role's and the database's own settings must not reach into ours.
        db.client
            .batch_execute(
                "do $$ begin execute format('alter database %I set standard_conforming_strings = off', current_database()); \
                 execute format('alter database %I set search_path = evil', current_database()); \
                 execute format('alter database %I set statement_timeout = 20', current_database()); end $$",
            )
            .await
            .expect("hostile settings");
        db.engine.make(&guard("one", 1), Piece::Control).await.expect("made in spite of them");
        db.engine.check(&guard("one", 1)).await.expect("read in spite of them");
        let names: Vec<String> = db
            .client
            .query("select application_name from pg_stat_activity where application_name like 'segue/%' and datname = current_database() order by application_name collate \"C\"", &[])
            .await
            .expect("sessions")
            .iter()
            .map(|row| row.get(0))
            .collect();
        assert_eq!(names, ["segue/-/fence", "segue/one/01/test"]);
    }
}
