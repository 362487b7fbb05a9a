//! Every kind of key, and names that try to be SQL.

use segue_engine::{Key, Piece, Reshape};
use segue_model::reshape::Value;

use crate::support::{Build, Db, column, sql, wait};

fn check(create: &str, insert: &str, columns: &[(&str, &str, bool)], key: &[&str], rows: u64) {
    let db = Db::new(create);
    db.run(insert);
    let change = Build::new("t", columns, key).rename("v", "w").done();
    let before = db.rows("SELECT v FROM t ORDER BY v");
    db.expand(&change);
    assert_eq!(db.backfill(&change, 2), (rows, 0), "{create}");
    assert_eq!(db.rows("SELECT w FROM t ORDER BY w"), before, "{create}");
    assert_eq!(db.compare(&change), (rows, 0, 0), "{create}");
    db.shift(&change);
    db.contract(&change);
    assert_eq!(db.rows("SELECT w FROM t ORDER BY w"), before, "{create}");
}

#[test]
fn keys_of_every_kind() {
    check(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v)",
        "INSERT INTO t VALUES (-9223372036854775808, 1), (-1, 2), (0, 3), (9223372036854775807, 4)",
        &[("id", "INTEGER", false), ("v", "", true)],
        &["id"],
        4,
    );
    check(
        "CREATE TABLE t (k TEXT PRIMARY KEY, v INT) WITHOUT ROWID",
        "INSERT INTO t VALUES ('', 1), ('a', 2), ('A', 3), ('ü;--''', 4), ('😀', 5)",
        &[("k", "TEXT", false), ("v", "INT", true)],
        &["k"],
        5,
    );
    check(
        "CREATE TABLE t (k TEXT COLLATE NOCASE, n REAL, b BLOB, v INT, PRIMARY KEY (k, n DESC, b)) WITHOUT ROWID",
        "INSERT INTO t VALUES ('a', 1.5, x'00', 1), ('A', 2, x'00', 2), ('b', -1, x'ff', 3), ('b', -1, x'', 4)",
        &[("k", "TEXT", false), ("n", "REAL", false), ("b", "BLOB", false), ("v", "INT", true)],
        &["k", "n", "b"],
        4,
    );
    // A text key of a rowid table takes NULL, many times: no row may be walked past.
    check(
        "CREATE TABLE t (k TEXT PRIMARY KEY, v INT)",
        "INSERT INTO t VALUES (NULL, 1), (NULL, 2), ('x', 3), (NULL, 4)",
        &[("k", "TEXT", true), ("v", "INT", true)],
        &["k"],
        4,
    );
    check(
        "CREATE TABLE t (rowid TEXT, v INT)",
        "INSERT INTO t VALUES ('a', 1), ('a', 2), ('b', 3)",
        &[("rowid", "TEXT", true), ("v", "INT", true)],
        &["rowid"],
        3,
    );
}

#[test]
fn a_backfill_goes_on_from_its_checkpoint() {
    let db = Db::new("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
    db.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) INSERT INTO t SELECT i, 'v' || i FROM n");
    let change = Build::new("t", &[("id", "INTEGER", false), ("v", "TEXT", true)], &["id"]).rename("v", "w").done();
    db.expand(&change);
    let first = wait(db.engine.backfill(&db.guard, &change, None, 40)).expect("runs");
    assert_eq!((first.walked, first.converted), (40, 40));
    // What a checkpoint holds survives being written down.
    let text = serde_json::to_string(&first.next).expect("writes");
    let next: Option<Key> = serde_json::from_str(&text).expect("reads");
    let again = segue_sqlite::SqliteEngine::open(db.dir.path().join("t.db")).expect("opens");
    db.run("UPDATE t SET id = -5 WHERE id = 90");
    let second = wait(again.backfill(&db.guard, &change, next.as_ref(), 1_000)).expect("runs");
    assert_eq!((second.walked, second.converted, second.next), (59, 59, None));
    assert_eq!(second.skipped, 1, "a row moved behind the walk is not forgotten");
    assert_eq!(wait(db.engine.unconverted(&change)).expect("counts"), 1);
    assert_eq!(db.compare(&change), (100, 0, 1));
    db.backfill(&change, 1_000);
    assert_eq!(db.compare(&change), (100, 0, 0));
    let error = wait(db.engine.backfill(&db.guard, &change, Some(&Key(serde_json::json!("x"))), 1)).expect_err("no key");
    assert_eq!(error.code, "SG-SQ-017");
}

#[test]
fn hostile_names_stay_names() {
    let long = "n".repeat(70);
    for (table, name, to) in [
        ("we\"ird;--😀", "select", "from"),
        ("table", "a b\"", "'x'; drop table t;--"),
        ("[x]`y`", "Größe", long.as_str()),
        ("%s$1\\", "a\nb", "?1"),
    ] {
        let quoted = segue_engine::quote::name(table);
        let column_name = segue_engine::quote::name(name);
        let db = Db::new(&format!(
            "CREATE TABLE {quoted} (\"k;\" INTEGER PRIMARY KEY, {column_name} TEXT NOT NULL, other TEXT); \
             CREATE INDEX \"ix{}\" ON {quoted} ({column_name}); INSERT INTO {quoted} ({column_name}) VALUES ('x')",
            table.replace('"', "")
        ));
        let before = db.schema();
        let columns = [("k;", "INTEGER", false), (name, "TEXT", false), ("other", "TEXT", true)];
        let change = Build::new(table, &columns, &["k;"])
            .rename(name, to)
            .convert("other", "INTEGER", true, Value::Cast { column: "other".into(), to: "INTEGER".into() }, sql("other"))
            .add(column("new;\"col", "TEXT", true), Value::Column(to.into()), &[name])
            .done();
        let survey = wait(db.engine.survey(&change, &segue_model::plan::Throttle::default())).expect("surveys");
        assert!(survey.findings.is_empty(), "{table}: {:?}", survey.findings);
        db.expand(&change);
        db.backfill(&change, 1);
        db.shift(&change);
        db.unmake(Piece::Shift(&change)).expect("lenient");
        db.unmake(Piece::Expand(&change)).expect("back");
        assert_eq!(db.schema(), before, "{table}");
        db.apply(&change);
        let final_name = segue_engine::quote::name(to);
        assert_eq!(db.rows(&format!("SELECT {final_name}, \"new;\"\"col\" FROM {quoted}")), "x|x", "{table}");
    }
}
