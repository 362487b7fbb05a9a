//! The fence: a stale executor is refused by the database, in every write.

use segue_engine::{Engine, ErrorKind, Piece, PieceState, Reshape};
use segue_model::reshape::TableChange;

use crate::support::{Build, Db, guard, wait};

fn change() -> TableChange {
    Build::new("t", &[("id", "INTEGER", false), ("a", "TEXT", true)], &["id"]).rename("a", "b").done()
}

const T: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t (a) VALUES ('x')";

#[test]
fn a_stale_epoch_is_refused_everywhere() {
    let db = Db::new(T);
    db.expand(&change());
    let (fresh, change) = (guard(2), change());
    wait(db.engine.fence().take(&fresh)).expect("taken over");
    let before = db.schema();
    for error in [
        wait(db.engine.backfill(&db.guard, &change, None, 10)).expect_err("stale"),
        db.make(Piece::Expand(&change)).expect_err("stale"),
        db.make(Piece::Shift(&change)).expect_err("stale"),
        db.make(Piece::Contract(&change)).expect_err("stale"),
        db.make(Piece::Finish).expect_err("stale"),
        db.make(Piece::Control).expect_err("stale"),
        db.unmake(Piece::Expand(&change)).expect_err("stale"),
        db.unmake(Piece::Control).expect_err("stale"),
        wait(db.engine.fence().check(&db.guard)).expect_err("stale"),
        wait(db.engine.fence().take(&db.guard)).expect_err("stale"),
    ] {
        assert_eq!((error.code, error.kind), ("SG-SQ-010", ErrorKind::Fenced));
    }
    assert_eq!(db.schema(), before);
    assert_eq!(db.rows("SELECT count(*) FROM t WHERE b = 'x'"), "0");
    wait(db.engine.fence().check(&fresh)).expect("ours");
    wait(db.engine.backfill(&fresh, &change, None, 10)).expect("ours");
}

#[test]
fn another_run_is_kept_out_until_this_one_is_over() {
    let db = Db::new(T);
    let mut other = guard(9);
    other.run = "run-2".into();
    let error = wait(db.engine.make(&other, Piece::Control)).expect_err("held");
    assert_eq!((error.code, error.kind), ("SG-SQ-011", ErrorKind::Fenced));
    assert_eq!(db.observe(Piece::Control), PieceState::Present);
    db.make(Piece::Finish).expect("over");
    assert_eq!(db.observe(Piece::Finish), PieceState::Present);
    let error = db.make(Piece::Expand(&change())).expect_err("over is over");
    assert_eq!(error.kind, ErrorKind::Fenced);
    wait(db.engine.make(&other, Piece::Control)).expect("free");
    let state = wait(db.engine.fence().state()).expect("reads");
    assert_eq!(state.active, Some(("run-2".into(), "mig_7".into(), 9)));
    assert_eq!(state.applied, [("run-1".into(), "mig_7".into(), "digest".into())]);
}

#[test]
fn a_lock_that_is_not_had_is_a_time_out_that_leaves_nothing() {
    let mut db = Db::new(T);
    db.guard.lock_timeout_ms = 50;
    let holder = db.client();
    holder.execute_batch("BEGIN IMMEDIATE").expect("locks");
    let before = db.schema();
    let error = db.make(Piece::Expand(&change())).expect_err("locked");
    assert_eq!((error.code, error.kind), ("SG-SQ-002", ErrorKind::LockTimeout));
    assert_eq!(wait(db.engine.blockers(&change().table)).expect("asks").len(), 1);
    holder.execute_batch("ROLLBACK").expect("unlocks");
    assert!(wait(db.engine.blockers(&change().table)).expect("asks").is_empty());
    assert_eq!(db.schema(), before);
    db.expand(&change());
}

#[test]
fn undoing_what_never_was_is_nothing() {
    let db = Db::new(T);
    db.unmake(Piece::Expand(&change())).expect("nothing");
    db.unmake(Piece::Shift(&change())).expect("nothing");
    db.unmake(Piece::Control).expect("free");
    db.unmake(Piece::Control).expect("free already");
    db.unmake(Piece::Expand(&change())).expect("nothing");
    assert_eq!(db.rows("SELECT count(*) FROM sqlite_schema"), "1");
    assert_eq!(wait(db.engine.fence().state()).expect("reads").active, None);
    wait(db.engine.fence().check(&db.guard)).expect("nobody holds it");
}
