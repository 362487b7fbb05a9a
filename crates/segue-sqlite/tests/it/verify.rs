//! Compare sees what is wrong by its own evaluation: planted faults are caught.

use segue_engine::Reshape;
use segue_model::reshape::TableChange;

use crate::support::{Build, Db, sql, wait};

const T: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t (a) VALUES ('1'), ('2'), ('3'), ('4')";

fn change() -> TableChange {
    Build::new("t", &[("id", "INTEGER", false), ("a", "TEXT", true)], &["id"])
        .convert("a", "INTEGER", true, sql("CAST(a AS INTEGER) + 100"), sql("CAST(a - 100 AS TEXT)"))
        .done()
}

#[test]
fn a_dropped_trigger_is_caught() {
    let db = Db::new(T);
    db.expand(&change());
    db.backfill(&change(), 2);
    assert_eq!(db.compare(&change()), (4, 0, 0));
    db.run("DROP TRIGGER segue_mig_7_t_update; UPDATE t SET a = '9' WHERE id = 2; UPDATE t SET a__mig_7 = 5 WHERE id = 4");
    assert_eq!(db.compare(&change()), (4, 2, 0));
    let seen = wait(db.engine.compare(&change(), None, 100)).expect("compares");
    assert_eq!(seen.examples, ["id=2", "id=4"]);
    db.run("DROP TRIGGER segue_mig_7_t_insert; INSERT INTO t (a) VALUES ('7')");
    assert_eq!(db.compare(&change()), (5, 2, 1));
}

#[test]
fn a_wrong_down_in_the_trigger_is_caught() {
    let db = Db::new(T);
    db.expand(&change());
    db.backfill(&change(), 2);
    let wrong = db.rows("SELECT sql FROM sqlite_schema WHERE name = 'segue_mig_7_t_update'").replace("a - 100", "a - 99");
    db.run(&format!("DROP TRIGGER segue_mig_7_t_update; {wrong}"));
    db.run("UPDATE t SET a__mig_7 = 150 WHERE id = 3");
    assert_eq!(db.compare(&change()).1, 1);
}

#[test]
fn a_skipped_batch_is_caught() {
    let db = Db::new(T);
    db.expand(&change());
    let first = wait(db.engine.backfill(&db.guard, &change(), None, 1)).expect("runs");
    let ahead = segue_engine::Key(serde_json::json!([{ "i": "3" }]));
    assert_ne!(first.next.as_ref(), Some(&ahead));
    wait(db.engine.backfill(&db.guard, &change(), Some(&ahead), 10)).expect("runs");
    assert_eq!(db.compare(&change()), (4, 0, 2));
    assert_eq!(wait(db.engine.unconverted(&change())).expect("counts"), 2);
}

#[test]
fn a_case_that_a_collation_hides_is_seen() {
    let db = Db::new("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE); INSERT INTO t (a) VALUES ('x')");
    let change = Build::new("t", &[("id", "INTEGER", false), ("a", "TEXT", true)], &["id"]).rename("a", "b").done();
    db.expand(&change);
    db.backfill(&change, 1);
    db.run("DROP TRIGGER segue_mig_7_t_update; UPDATE t SET b = 'X'");
    assert_eq!(db.compare(&change).1, 1);
}
