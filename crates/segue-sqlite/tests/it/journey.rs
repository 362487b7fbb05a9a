//! Whole journeys: forward, back byte for byte, forward again; what hangs on the table survives.

use segue_engine::{Engine, Piece, PieceState, Reshape};
use segue_model::ident::TableName;
use segue_model::reshape::{NewTable, TableChange};

use crate::support::{Build, Db, column, sql, wait};

const SHOP: &str = "
CREATE TABLE people (id INTEGER PRIMARY KEY);
CREATE TABLE \"orders\" (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key
  name  TEXT NOT NULL COLLATE NOCASE CONSTRAINT no_empty CHECK (name <> ''),
  total TEXT NOT NULL DEFAULT '0',
  person INT REFERENCES people (id) ON DELETE SET NULL,
  UNIQUE (name)
);
CREATE TABLE lines (o INTEGER REFERENCES \"orders\" (id), n INT);
CREATE INDEX by_name ON orders (name, person);
CREATE INDEX by_lower ON orders (lower(name)) WHERE person IS NOT NULL;
CREATE VIEW names AS SELECT name FROM orders WHERE name <> 'x';
CREATE TRIGGER named AFTER UPDATE OF name ON orders BEGIN INSERT INTO lines VALUES (NEW.id, length(NEW.name)); END;
INSERT INTO people VALUES (1), (2);
INSERT INTO orders (id, name, total, person) VALUES (1, 'a', '10', 1), (7, 'b', '20', NULL), (99, 'c', '30', 2);
DELETE FROM orders WHERE id = 99;
INSERT INTO lines VALUES (7, 1);
ANALYZE;";

fn shop() -> TableChange {
    let old = [("id", "INTEGER", false), ("name", "TEXT", false), ("total", "TEXT", false), ("person", "INT", true)];
    let mut change = Build::new("orders", &old, &["id"])
        .old_default("total", "'0'")
        .rename("name", "title")
        .convert("total", "INTEGER", false, sql("CAST(total AS INTEGER)"), sql("CAST(total AS TEXT)"))
        .add(column("size", "INTEGER", false), sql("length(title)"), &["name"])
        .done();
    change.new[2].default = Some("0".into());
    change
}

#[test]
fn going_back_leaves_the_schema_byte_for_byte() {
    let db = Db::new(SHOP);
    let (before, stats) = (db.schema(), db.rows("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY 1, 2"));
    for _ in 0..2 {
        assert_eq!(db.observe(Piece::Expand(&shop())), PieceState::Absent);
        db.expand(&shop());
        db.expand(&shop());
        assert_eq!(db.observe(Piece::Expand(&shop())), PieceState::Present);
        db.run("DROP TRIGGER segue_mig_7_orders_update");
        assert_eq!(db.observe(Piece::Expand(&shop())), PieceState::Partial, "a dropped trigger is seen");
        db.expand(&shop());
        db.backfill(&shop(), 1);
        db.shift(&shop());
        assert_eq!(db.observe(Piece::Shift(&shop())), PieceState::Present);
        db.run("UPDATE orders SET title = title || 'n' WHERE id = 1");
        db.unmake(Piece::Shift(&shop())).expect("lenient");
        assert_eq!(db.observe(Piece::Shift(&shop())), PieceState::Absent);
        db.unmake(Piece::Expand(&shop())).expect("back");
        db.unmake(Piece::Expand(&shop())).expect("back twice");
        assert_eq!(db.schema(), before);
    }
    db.unmake(Piece::Control).expect("free");
    assert_eq!(db.rows("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'segue%'"), "0");
    assert_eq!(db.rows("SELECT id, name, total, person FROM orders ORDER BY id"), "1|ann|10|1;7|b|20|NULL");
    assert_eq!(db.rows("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY 1, 2"), stats);
    assert_eq!(db.rows("PRAGMA integrity_check"), "ok");
}

#[test]
fn back_and_forward_is_the_same_as_forward() {
    let (straight, around) = (Db::new(SHOP), Db::new(SHOP));
    straight.apply(&shop());
    around.expand(&shop());
    around.backfill(&shop(), 2);
    around.unmake(Piece::Expand(&shop())).expect("back");
    around.apply(&shop());
    assert_eq!(straight.schema(), around.schema());
    let all = "SELECT rowid, * FROM orders ORDER BY id";
    assert_eq!(straight.rows(all), around.rows(all));
    let names = [TableName::bare("orders"), TableName::bare("lines")];
    assert_eq!(wait(straight.engine.catalog(&names)).expect("reads"), wait(around.engine.catalog(&names)).expect("reads"));
}

#[test]
fn the_end_is_what_a_user_would_have_written() {
    let db = Db::new(SHOP);
    db.apply(&shop());
    assert_eq!(db.observe(Piece::Contract(&shop())), PieceState::Present);
    db.contract(&shop());
    assert_eq!(
        db.table_sql("orders"),
        "CREATE TABLE \"orders\" (\n  id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key\n  \
         \"title\"  TEXT NOT NULL COLLATE NOCASE CONSTRAINT no_empty CHECK (\"title\" <> ''),\n  \
         total INTEGER NOT NULL DEFAULT 0,\n  person INT REFERENCES people (id) ON DELETE SET NULL, \"size\" INTEGER NOT NULL,\n  \
         UNIQUE (\"title\")\n)"
    );
    assert_eq!(db.rows("SELECT * FROM orders"), "1|a|10|1|1;7|b|20|NULL|1");
    assert_eq!(db.rows("SELECT typeof(total) FROM orders LIMIT 1"), "integer");
    let carried = db.rows("SELECT sql FROM sqlite_schema WHERE name IN ('by_name','by_lower','names','named') ORDER BY name");
    assert!(
        carried.contains("lower(\"title\")") && carried.contains("(\"title\", person)") && carried.contains("UPDATE OF \"title\""),
        "{carried}"
    );
    assert_eq!(
        db.rows("SELECT sql FROM sqlite_schema WHERE name = 'lines'"),
        "CREATE TABLE lines (o INTEGER REFERENCES \"orders\" (id), n INT)"
    );
    db.run("INSERT INTO orders (title, size) VALUES ('next', 4)");
    assert_eq!(db.rows("SELECT max(id) FROM orders"), "100", "AUTOINCREMENT goes on where it was");
    assert!(db.refused("INSERT INTO lines VALUES (5, 5)").contains("FOREIGN KEY"));
    db.make(Piece::Finish).expect("done");
    db.make(Piece::Finish).expect("done twice");
    let state = wait(db.engine.fence().state()).expect("reads");
    assert_eq!((state.active, state.applied.len()), (None, 1));
    db.run("INSERT INTO orders_mig_7_new (title, size) VALUES ('by view', 7)");
    assert_eq!(db.rows("SELECT title, total FROM orders WHERE id = 101"), "by view|0", "a client of the view goes on");
}

#[test]
fn what_needs_no_rebuild_does_none() {
    let db = Db::new("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t (a) VALUES ('x')");
    let root = db.rows("SELECT rootpage FROM sqlite_schema WHERE name = 't'");
    let mut added = column("flag", "INTEGER", false);
    added.default = Some("1".into());
    let change = Build::new("t", &[("id", "INTEGER", false), ("a", "TEXT", true)], &["id"]).add(added, sql("1"), &[]).done();
    let before = db.schema();
    db.expand(&change);
    assert_eq!(db.rows("SELECT * FROM t"), "1|x|1");
    db.unmake(Piece::Expand(&change)).expect("back");
    assert_eq!(db.schema(), before);
    let root_after_undo = db.rows("SELECT rootpage FROM sqlite_schema WHERE name = 't'");
    db.apply(&change);
    assert_eq!(db.table_sql("t"), "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, \"flag\" INTEGER NOT NULL DEFAULT 1)");
    assert_eq!(
        db.rows("SELECT rootpage FROM sqlite_schema WHERE name = 't'"),
        root_after_undo,
        "the rows were not copied (first at {root})"
    );
}

#[test]
fn the_next_journey_ends_the_former_view() {
    let db = Db::new("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t (a) VALUES ('x')");
    let first = Build::new("t", &[("id", "INTEGER", false), ("a", "TEXT", true)], &["id"]).rename("a", "b").done();
    db.apply(&first);
    db.make(Piece::Finish).expect("done");
    let mut next = Build::new("t", &[("id", "INTEGER", false), ("b", "TEXT", true)], &["id"]).rename("b", "c").done();
    next.tag = "mig_8".into();
    let mut db = db;
    db.guard.run = "run-2".into();
    db.guard.tag = "mig_8".into();
    db.make(Piece::Control).expect("control");
    let survey = wait(db.engine.survey(&next, &segue_model::plan::Throttle::default())).expect("surveys");
    assert!(survey.findings.is_empty(), "{:?}", survey.findings);
    db.expand(&next);
    db.backfill(&next, 10);
    db.run("INSERT INTO t_mig_7_new (b) VALUES ('by the former view')");
    assert_eq!(db.rows("SELECT b, c FROM t WHERE id = 2"), "by the former view|by the former view");
    db.shift(&next);
    db.contract(&next);
    assert_eq!(db.rows("SELECT name FROM sqlite_schema WHERE type = 'view'"), "t_mig_8_new");
    assert_eq!(db.table_sql("t"), "CREATE TABLE t (id INTEGER PRIMARY KEY, \"c\" TEXT)");
}

#[test]
fn tables_come_and_go() {
    let db = Db::new("CREATE TABLE old (id INTEGER PRIMARY KEY)");
    let define: segue_model::change::CreateTable = serde_json::from_str(
        r#"{"table":"we\"ird","columns":{"id":{"type":"INTEGER","primary_key":true},"o":{"type":"INT","null":false,"default":"1","unique":true,"references":{"table":"old","columns":["id"],"on_delete":"set null"}}},"checks":{"c":"o > 0"}}"#,
    )
    .expect("reads");
    let new = NewTable { table: TableName::bare("we\"ird"), define };
    assert_eq!(db.observe(Piece::Create(&new)), PieceState::Absent);
    db.make(Piece::Create(&new)).expect("made");
    db.make(Piece::Create(&new)).expect("made twice");
    assert_eq!(db.observe(Piece::Create(&new)), PieceState::Present);
    db.run("INSERT INTO old VALUES (1); INSERT INTO \"we\"\"ird\" DEFAULT VALUES");
    let loss = wait(db.engine.loss(&db.guard, &[], std::slice::from_ref(&new))).expect("counts");
    assert_eq!(loss.rows, 1);
    db.unmake(Piece::Create(&new)).expect("gone");
    let old = TableName::bare("old");
    db.make(Piece::DropTable(&old)).expect("gone");
    assert_eq!(db.observe(Piece::DropTable(&old)), PieceState::Present);
    assert_eq!(db.schema().len(), 0);
}

#[test]
fn chinook_survives_a_rename_on_its_largest_tables() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/chinook/sqlite.sql");
    let Ok(dump) = std::fs::read_to_string(path) else {
        assert!(std::env::var_os("CI").is_none(), "the shared data is missing");
        return;
    };
    let db = Db::new(&dump);
    for (table, from, to) in [("Track", "Name", "Title"), ("Album", "Title", "Name"), ("Customer", "Email", "Mail")] {
        let columns: Vec<(String, String, bool)> = wait(db.engine.catalog(&[TableName::bare(table)])).expect("reads").tables[0]
            .columns
            .iter()
            .map(|c| (c.name.clone(), c.data_type.clone(), c.nullable))
            .collect();
        let columns: Vec<(&str, &str, bool)> = columns.iter().map(|(n, t, null)| (n.as_str(), t.as_str(), *null)).collect();
        let change = Build::new(table, &columns, &[columns[0].0]).rename(from, to).done();
        let survey = wait(db.engine.survey(&change, &segue_model::plan::Throttle::default())).expect("surveys");
        assert!(survey.findings.is_empty(), "{:?}", survey.findings);
        let before = db.rows(&format!("SELECT * FROM \"{table}\""));
        db.apply(&change);
        assert_eq!(db.rows(&format!("SELECT * FROM \"{table}\"")), before);
    }
    assert_eq!(db.rows("PRAGMA foreign_key_check"), "");
}

/// A second program's `ALTER TABLE` in the middle of a run: its column must never go with the old form in silence.
#[test]
fn a_column_that_somebody_added_meanwhile_is_not_lost() {
    for ddl in
        ["ALTER TABLE t ADD COLUMN extra TEXT DEFAULT 'e'; UPDATE t SET extra = 'precious'", "ALTER TABLE t RENAME COLUMN other TO another"]
    {
        let db = Db::new("CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, other TEXT); INSERT INTO t VALUES (1, 5, 'o')");
        let columns = [("id", "INTEGER", true), ("v", "INTEGER", true), ("other", "TEXT", true)];
        let change =
            Build::new("t", &columns, &["id"]).convert("v", "TEXT", true, sql("'n' || v"), sql("CAST(substr(v, 2) AS INTEGER)")).done();
        db.expand(&change);
        db.backfill(&change, 10);
        db.run(ddl);
        let before = (db.table_sql("t"), db.rows("SELECT * FROM t"));
        db.shift(&change);
        assert_eq!(db.make(Piece::Contract(&change)).expect_err("contract").code, "SG-SQ-018", "{ddl}");
        assert_eq!(db.unmake(Piece::Expand(&change)).expect_err("rollback").code, "SG-SQ-018", "{ddl}");
        assert_eq!((db.table_sql("t"), db.rows("SELECT * FROM t")), before, "{ddl}");
    }
}
