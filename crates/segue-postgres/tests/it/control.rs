//! The control tables: made, shared with applications' roles, remembered, removed.

use segue_engine::{Engine as _, ErrorKind, Fence as _, Piece, PieceState, Reshape as _};

use crate::database::{databases, guard, role};

#[tokio::test]
async fn a_run_holds_the_database_from_control_to_finish() {
    for db in databases("").await {
        let (one, two) = (guard("one", 3), guard("two", 1));
        let state = db.engine.fence().state().await.expect("a state without tables");
        assert_eq!((state.active, state.applied.len()), (None, 0));
        assert_eq!(db.engine.observe(&one, Piece::Control).await.expect("observe"), PieceState::Absent);
        for _ in 0..2 {
            db.engine.make(&one, Piece::Control).await.expect("made, and made again");
        }
        assert_eq!(db.engine.observe(&one, Piece::Control).await.expect("observe"), PieceState::Present);
        let error = db.engine.make(&two, Piece::Control).await.expect_err("another run holds it");
        assert_eq!((error.kind, error.code), (ErrorKind::Fenced, "SG-PG-020"));
        let error = db.engine.make(&guard("one", 2), Piece::Control).await.expect_err("an older executor");
        assert_eq!((error.kind, error.code), (ErrorKind::Fenced, "SG-PG-014"));
        assert_eq!(db.engine.state().await.expect("state").active, Some(("one".to_owned(), "tag".to_owned(), 3)));

        for _ in 0..2 {
            db.engine.make(&one, Piece::Finish).await.expect("finished, and finished again");
        }
        assert_eq!(db.engine.observe(&one, Piece::Finish).await.expect("observe"), PieceState::Present);
        let state = db.engine.state().await.expect("state");
        assert_eq!(state.active, None);
        assert_eq!(state.applied, [("one".to_owned(), "tag".to_owned(), "digest of one".to_owned())]);
        let error = db.engine.make(&one, Piece::Control).await.expect_err("a stale executor of a finished run");
        assert_eq!(error.kind, ErrorKind::Fenced);

        // The next run takes it, is undone twice, and leaves the history.
        db.engine.make(&two, Piece::Control).await.expect("free again");
        for _ in 0..2 {
            db.engine.unmake(&two, Piece::Control).await.expect("unmade, and unmade again");
        }
        assert_eq!(db.engine.observe(&two, Piece::Control).await.expect("observe"), PieceState::Absent);
        assert_eq!(db.engine.state().await.expect("state").applied.len(), 1);
    }
}

#[tokio::test]
async fn without_history_nothing_is_left() {
    for db in databases("").await {
        let one = guard("one", 1);
        db.engine.unmake(&one, Piece::Control).await.expect("nothing to unmake");
        db.engine.make(&one, Piece::Control).await.expect("made");
        // Half of it is gone, as after a restore of some tables.
        db.client.batch_execute("drop table segue.rejected").await.expect("drop");
        assert_eq!(db.engine.observe(&one, Piece::Control).await.expect("observe"), PieceState::Partial);
        db.engine.make(&one, Piece::Control).await.expect("made whole");
        assert_eq!(db.engine.observe(&one, Piece::Control).await.expect("observe"), PieceState::Present);
        db.engine.unmake(&one, Piece::Control).await.expect("unmade");
        let left: bool =
            db.client.query_one("select exists (select from pg_namespace where nspname = 'segue')", &[]).await.expect("query").get(0);
        assert!(!left);
    }
}

#[tokio::test]
async fn any_role_can_keep_a_row_aside_and_read_nothing() {
    for db in databases("").await {
        role(&db.client, "app").await;
        db.engine.make(&guard("one", 1), Piece::Control).await.expect("made");
        let count = "select count(*) from segue.rejected";
        // The client's own search_path and a function of its own must not get in between.
        db.client
            .batch_execute(
                "create schema evil; grant all on schema evil to app; set role app; \
                 create function evil.now() returns timestamptz language sql as 'select null::timestamptz'; set search_path = evil;",
            )
            .await
            .expect("an application's session");
        for (run, reason) in [("one", "no number"), ("one", "no date"), ("other", "no such run")] {
            db.client
                .execute("select segue.reject($1, 'public.t', '{\"id\": 7}'::jsonb, $2)", &[&run, &reason])
                .await
                .expect("reject as the application");
        }
        for denied in [count, "delete from segue.control", "select run from segue.applied"] {
            let error = db.client.batch_execute(denied).await.expect_err(denied);
            assert_eq!(error.code().expect("a state").code(), "42501", "{denied}");
        }
        db.client.batch_execute("reset role; reset search_path").await.expect("reset");
        let row = db.client.query_one("select run, reason from segue.rejected", &[]).await.expect("one row");
        assert_eq!((row.get(0), row.get(1)), ("one", "no date"));
        db.client.batch_execute("set role app; select segue.accept('one', 'public.t', '{\"id\": 7}'); reset role").await.expect("accept");
        assert_eq!(db.client.query_one(count, &[]).await.expect("count").get::<_, i64>(0), 0);
    }
}
