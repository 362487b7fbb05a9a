//! The survey refuses by name, before anything is touched.

use segue_engine::Reshape;
use segue_model::plan::Throttle;
use segue_model::reshape::{Survey, TableChange};

use crate::support::{Build, Db, sql, wait};

fn survey(db: &Db, change: &TableChange) -> Survey {
    let before = db.schema();
    let survey = wait(db.engine.survey(change, &Throttle::default())).expect("surveys");
    assert_eq!(db.schema(), before, "a survey only reads");
    survey
}

fn codes(db: &Db, change: &TableChange) -> Vec<String> {
    survey(db, change).findings.into_iter().map(|finding| format!("{} {}", finding.code, finding.object)).collect()
}

fn base() -> Build {
    Build::new("t", &[("id", "INTEGER", false), ("a", "TEXT", true), ("b", "TEXT", true)], &["id"])
}

const T: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);";

fn convert(up: &str) -> TableChange {
    base().convert("a", "INTEGER", true, sql(up), sql("a")).done()
}

#[test]
fn what_hangs_on_a_changing_column_is_named() {
    let db = Db::new(&format!(
        "{T} CREATE VIEW reads_a AS SELECT * FROM t; CREATE VIEW reads_b AS SELECT b FROM t WHERE 'a' <> b;
         CREATE TRIGGER names_a AFTER INSERT ON t BEGIN SELECT NEW.a; END;
         CREATE UNIQUE INDEX part ON t (a) WHERE a <> ''; CREATE INDEX plain ON t (a);
         CREATE TABLE c (x REFERENCES t (a)); CREATE TABLE other (y);
         CREATE TRIGGER blind AFTER INSERT ON other BEGIN INSERT INTO t VALUES (NULL, '', ''); END;"
    ));
    assert_eq!(
        codes(&db, &convert("a")),
        [
            "SG-SQ-102 view `reads_a`",
            "SG-SQ-103 trigger `names_a`",
            "SG-SQ-112 trigger `blind`",
            "SG-SQ-109 foreign key of table `c`",
            "SG-SQ-110 index `part`",
        ]
    );
    let dropped = base().drop("b", segue_model::reshape::Value::Null, &[]).no_backfill().done();
    db.run("DROP TRIGGER blind; DROP VIEW reads_a; CREATE INDEX on_b ON t (b)");
    assert_eq!(codes(&db, &dropped), ["SG-SQ-102 view `reads_b`", "SG-SQ-113 index `on_b`"]);
}

#[test]
fn expressions_are_tried_and_volatile_ones_refused() {
    let db = Db::new(T);
    assert!(codes(&db, &convert("a || nope"))[0].starts_with("SG-SQ-106"));
    assert!(codes(&db, &convert("a || \"nope\""))[0].starts_with("SG-SQ-106"), "a name in quotes is no text");
    assert!(codes(&db, &convert("a +"))[0].starts_with("SG-SQ-106"));
    for text in ["random()", "a || datetime('now')", "CURRENT_TIMESTAMP", "date()", "(SELECT max(a) FROM t)", "a || last_insert_rowid()"] {
        assert!(codes(&db, &convert(text))[0].starts_with("SG-SQ-104"), "{text}");
    }
    assert_eq!(codes(&db, &convert("length(t.a) + unixepoch(b) -- why")), Vec::<String>::new());
}

#[test]
fn keys_and_names_are_refused() {
    let db = Db::new(T);
    let key = base().rename("id", "uid").done();
    assert!(codes(&db, &key)[0].starts_with("SG-SQ-101"));
    let taken = base().rename("a", "b").done();
    assert!(codes(&db, &taken)[0].starts_with("SG-SQ-107"));
    db.run("CREATE TABLE t_mig_7_new (x)");
    assert!(codes(&db, &convert("a"))[0].starts_with("SG-SQ-107"));
}

#[test]
fn the_pause_is_measured_and_refused_above_the_limit() {
    let db = Db::new(T);
    db.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) INSERT INTO t SELECT i, i, 'some text' FROM n");
    let found = survey(&db, &convert("a"));
    assert!(found.findings.is_empty() || found.findings[0].code == "SG-SQ-105");
    assert_eq!(found.rows, 30_000);
    assert!(found.pause_ms > 10, "measured: {}", found.pause_ms);
    let tight = Throttle { ddl_lock_timeout_ms: 1, ..Throttle::default() };
    let found = wait(db.engine.survey(&convert("a"), &tight)).expect("surveys");
    assert_eq!(found.findings[0].code, "SG-SQ-105");
    let allowed = Throttle { downtime_ms: 600_000, ..tight };
    assert!(wait(db.engine.survey(&convert("a"), &allowed)).expect("surveys").findings.is_empty());
}

/// A default of the old form must not become a value of the new one.
#[test]
fn a_default_that_up_changes_is_refused() {
    let db = Db::new("CREATE TABLE d (id INTEGER PRIMARY KEY, a INTEGER NOT NULL DEFAULT 3, b INTEGER DEFAULT 0)");
    let build = || Build::new("d", &[("id", "INTEGER", true), ("a", "INTEGER", false), ("b", "INTEGER", true)], &["id"]);
    let found = |mut change: TableChange| {
        for (column, default) in [(1, "3"), (2, "0")] {
            change.old[column].default = Some(default.to_owned());
            change.new[column].default = Some(default.to_owned());
        }
        codes(&db, &change)
    };
    let refused = build().convert("a", "TEXT", false, sql("'n' || a"), sql("CAST(substr(a, 2) AS INTEGER)")).done();
    assert_eq!(found(refused), ["SG-SQ-114 column `a` of table `d`"]);
    let same = build().convert("a", "TEXT", false, sql("CAST(a AS TEXT)"), sql("CAST(a AS INTEGER)")).done();
    assert_eq!(found(same), Vec::<String>::new());
    let zero = build().convert("b", "REAL", true, sql("b / 100.0"), sql("CAST(round(b * 100) AS INTEGER)")).done();
    assert_eq!(found(zero), Vec::<String>::new());
}
