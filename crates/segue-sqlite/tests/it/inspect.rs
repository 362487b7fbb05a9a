//! What a look sees of a file, and that a file that is damaged is an error and not an empty answer.

use rusqlite::Connection;
use segue_engine::inspect::{Cell, Inspect, Kind, Look};
use segue_engine::{ErrorKind, inspect::Bound};
use segue_model::ident::TableName;
use segue_sqlite::SqliteEngine;

use crate::support::wait;

fn file(sql: &str) -> (tempfile::TempDir, SqliteEngine) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.db");
    Connection::open(&path).expect("opens").execute_batch(sql).expect("the test's own schema");
    let engine = SqliteEngine::open(&path).expect("opens");
    (folder, engine)
}

#[test]
fn a_file_is_seen() {
    let (_folder, engine) = file(
        "create table t (id integer primary key autoincrement, a text); create index t_a on t (a); create trigger tr after insert on t begin select 1; end; \
         create view v as select a from t; create table bare (a); create table k (a text primary key, b) without rowid; \
         insert into t (a) select printf('row %d', value) from (with recursive n (value) as (select 1 union all select value + 1 from n limit 500) select * from n); \
         update sqlite_sequence set seq = 9000000000000000000 where name = 't'",
    );
    let seen = wait(Inspect::seen(&engine, Look::default())).expect("a look");
    let shown: Vec<_> = seen.system.tables.iter().map(|t| (t.name.as_str(), t.rows, t.indexes, t.keyed)).collect();
    assert_eq!(shown, [("bare", Some(0), 0, false), ("k", Some(0), 1, true), ("t", Some(500), 1, true)]);
    let t = &seen.system.tables[2];
    assert!(t.bytes.is_some_and(|bytes| bytes >= 8192) && t.index_bytes.is_some_and(|bytes| bytes >= 4096), "{t:?}");
    assert_eq!(seen.system.bytes.map(|bytes| bytes % 4096), Some(0));
    assert_eq!((seen.system.counts["view"], seen.system.counts["trigger"]), (1, 1));
    assert_eq!(seen.system.settings["journal_mode"], "delete");
    assert_eq!(seen.system.settings["encoding"], "UTF-8");
    let found: Vec<_> = seen.findings.iter().map(|f| (f.code.as_str(), f.object.as_str())).collect();
    assert_eq!(found, [("SG-INS-003", "table bare"), ("SG-INS-007", "table t")]);
    assert!(t.usage.is_empty() && t.writes_per_hour.is_none(), "nobody counts");
}

#[test]
fn a_column_is_what_its_values_are() {
    let (_folder, engine) = file("create table t (a integer, b text, c); insert into t values (1, 'x', x'00ff'), ('two', 3.5, 'y')");
    let taken = wait(engine.read_sample(&TableName::bare("T"), Bound::default())).expect("a sample");
    let kinds: Vec<_> = taken.columns.iter().map(|column| column.kind).collect();
    assert_eq!(kinds, [Kind::Text, Kind::Text, Kind::Bytes]);
    assert_eq!(taken.rows[0], [Cell::Text("1".into()), Cell::Text("x".into()), Cell::Bytes(vec![0, 0xff])]);
    assert_eq!(taken.rows[1], [Cell::Text("two".into()), Cell::Text("3.5".into()), Cell::Bytes(b"y".to_vec())]);
}

#[test]
fn a_damaged_file_is_an_error() {
    let (folder, engine) = file("create table t (a); insert into t values (1)");
    std::fs::write(folder.path().join("t.db"), vec![b'x'; 8192]).expect("damaged");
    for error in [
        wait(Inspect::seen(&engine, Look::default())).expect_err("no look"),
        wait(Inspect::catalog_all(&engine)).expect_err("no catalog"),
        wait(engine.read_sample(&TableName::bare("t"), Bound::default())).expect_err("no rows"),
    ] {
        assert_eq!((error.code, error.kind), ("SG-SQ-006", ErrorKind::Other), "{error:?}");
    }
}

#[test]
fn a_measurement_leaves_the_file_as_it_is() {
    let (folder, engine) = file("create table t (a); insert into t values (1), (2)");
    let before = std::fs::read(folder.path().join("t.db")).expect("the file");
    let taken = wait(engine.read_sample(&TableName::bare("t"), Bound::default())).expect("a sample");
    assert_eq!(wait(engine.write_sample(&taken)).expect("written").rows, 2);
    assert_eq!(std::fs::read(folder.path().join("t.db")).expect("the file"), before);
}
