//! Constraints and indexes: demanded from expand on, real after contract, duplicates counted.

use segue_engine::{ErrorKind, Piece, PieceState};
use segue_model::change::{CreateIndex, ReferenceAction};
use segue_model::ident::TableName;
use segue_model::reshape::{ConstraintWhat, IndexBuild, IndexSource, TableChange, Value};

use crate::support::{Build, Db, column, sql};

const T: &str = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT); INSERT INTO p VALUES (1), (2); INSERT INTO t (a, b) VALUES (1, 'x')";

fn base() -> Build {
    Build::new("t", &[("id", "INTEGER", false), ("a", "INT", true), ("b", "TEXT", true)], &["id"])
}

fn check(text: &str) -> ConstraintWhat {
    ConstraintWhat::Check { check: text.into(), physical: Vec::new() }
}

fn all() -> TableChange {
    let key = ConstraintWhat::ForeignKey {
        columns: vec!["a".into()],
        target: TableName::bare("p"),
        target_columns: vec!["id".into()],
        on_delete: Some(ReferenceAction::SetNull),
        on_update: Some(ReferenceAction::Cascade),
        deferrable: false,
    };
    base()
        .constraint("small", check("a < 100"))
        .constraint("b_there", ConstraintWhat::NotNull { column: "b".into() })
        .constraint("to_p", key)
        .no_backfill()
        .done()
}

#[test]
fn shared_columns_are_bound_from_expand_on_and_nothing_is_rebuilt() {
    let db = Db::new(T);
    let before = db.schema();
    db.run("INSERT INTO p VALUES (100)");
    db.expand(&all());
    assert!(db.refused("INSERT INTO t (a, b) VALUES (100, 'x')").contains("small"));
    assert!(db.refused("UPDATE t SET b = NULL").contains("b_there"));
    assert!(db.refused("INSERT INTO t (a, b) VALUES (3, 'x')").contains("to_p"));
    db.run("INSERT INTO t (a, b) VALUES (2, 'y'); DELETE FROM p WHERE id = 2; UPDATE p SET id = 5 WHERE id = 1");
    assert_eq!(db.rows("SELECT a, b FROM t ORDER BY id"), "5|x;NULL|y");
    db.unmake(Piece::Expand(&all())).expect("back");
    assert_eq!(db.schema(), before);
    let root = db.rows("SELECT rootpage FROM sqlite_schema WHERE name = 't'");
    db.apply(&all());
    assert_eq!(
        db.table_sql("t"),
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT NOT NULL, CONSTRAINT \"small\" CHECK (a < 100), \
         CONSTRAINT \"to_p\" FOREIGN KEY (\"a\") REFERENCES \"p\" (\"id\") ON DELETE SET NULL ON UPDATE CASCADE)"
    );
    assert_eq!(db.rows("SELECT rootpage FROM sqlite_schema WHERE name = 't'"), root);
    assert!(db.refused("INSERT INTO t (a, b) VALUES (100, 'x')").contains("small"));
    assert!(db.refused("UPDATE t SET b = NULL").contains("NOT NULL constraint failed"));
    assert!(db.refused("INSERT INTO t (a, b) VALUES (3, 'x')").contains("FOREIGN KEY"));
}

#[test]
fn old_rows_that_violate_are_counted_at_shift() {
    let db = Db::new(T);
    db.run("INSERT INTO t (a, b) VALUES (1, NULL), (1, NULL)");
    db.expand(&all());
    let error = db.make(Piece::Shift(&all())).expect_err("violated");
    assert_eq!((error.code, error.kind), ("SG-SQ-014", ErrorKind::Constraint));
    assert!(error.message.contains("2 rows violate b_there"), "{}", error.message);
    assert!(error.help.starts_with("the rows in the way: id=2; id=3. Both forms still work"), "{}", error.help);
    db.run("UPDATE t SET b = '' WHERE id = 2");
    let error = db.make(Piece::Shift(&all())).expect_err("violated");
    assert!(error.message.contains("1 row violates b_there"), "{}", error.message);
    db.run("UPDATE t SET b = ''");
    db.shift(&all());
}

#[test]
fn a_check_on_a_converted_column_keeps_old_writes_aside() {
    let db = Db::new(T);
    let change = base()
        .convert(
            "a",
            "INT",
            true,
            Value::Unless { column: "a".into(), condition: "a < 10".into(), sql: "a - 100".into() },
            Value::Column("a".into()),
        )
        .constraint("under", ConstraintWhat::Check { check: "a < 10".into(), physical: vec![("a".into(), "a__mig_7".into())] })
        .done();
    db.expand(&change);
    db.run("INSERT INTO t (a) VALUES (105), (500)");
    assert_eq!(db.rows("SELECT a, typeof(a__mig_7) FROM t ORDER BY id"), "1|blob;105|integer;500|null");
    assert!(db.refused("INSERT INTO t (a__mig_7) VALUES (10)").contains("does not take"));
    assert!(db.refused("INSERT INTO t_mig_7_new (a) VALUES (10)").contains("under"));
    assert_eq!(db.backfill(&change, 10), (1, 0));
    db.run("UPDATE t SET a = 3 WHERE a = 500");
    db.shift(&change);
    assert!(db.refused("UPDATE t SET a = 500 WHERE id = 1").contains("cannot hold"));
    db.contract(&change);
    assert_eq!(db.table_sql("t"), "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT, CONSTRAINT \"under\" CHECK (a < 10))");
    assert_eq!(db.rows("SELECT a FROM t ORDER BY id"), "1;5;3");
}

#[test]
fn an_added_reference_is_demanded() {
    let db = Db::new(T);
    let key = ConstraintWhat::ForeignKey {
        columns: vec!["p".into()],
        target: TableName::bare("p"),
        target_columns: vec!["id".into()],
        on_delete: None,
        on_update: None,
        deferrable: false,
    };
    let change = base().add(column("p", "INT", true), sql("a"), &["a"]).constraint("p_key", key).done();
    db.expand(&change);
    db.run("INSERT INTO t (a) VALUES (2), (9); INSERT INTO t (a, p) VALUES (9, 1)");
    assert!(db.refused("INSERT INTO t (p) VALUES (77)").contains("does not take"));
    assert!(db.refused("DELETE FROM p WHERE id = 2").contains("p_key"));
    assert_eq!(db.backfill(&change, 1).1, 0);
    assert_eq!(db.rows("SELECT count(*) FROM t WHERE segue_side_mig_7 IN (3, 7)"), "1");
    db.run("UPDATE t SET a = 1 WHERE id = 3");
    db.shift(&change);
    db.contract(&change);
    assert!(db.refused("INSERT INTO t (p) VALUES (77)").contains("FOREIGN KEY"));
}

#[test]
fn set_not_null_with_a_value_for_old_rows() {
    let db = Db::new("CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT UNIQUE); INSERT INTO t (a, b) VALUES (NULL, 'x'), (5, 'X')");
    let change =
        base().convert("a", "INT", false, Value::Coalesce { column: "a".into(), sql: "0".into() }, Value::Column("a".into())).done();
    db.expand(&change);
    db.run("INSERT INTO t (a) VALUES (NULL); UPDATE t SET a = NULL WHERE id = 2");
    assert!(db.refused("UPDATE t SET a__mig_7 = NULL WHERE id = 2").contains("segue"));
    db.backfill(&change, 10);
    assert_eq!(db.rows("SELECT a, a__mig_7 FROM t ORDER BY id"), "NULL|0;NULL|0;NULL|0");
    db.shift(&change);
    db.contract(&change);
    assert_eq!(db.table_sql("t"), "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL, b TEXT UNIQUE)");
}

#[test]
fn what_was_unique_stays_unique_in_the_new_form() {
    let db = Db::new(T);
    db.run("CREATE UNIQUE INDEX one_b ON t (b); INSERT INTO t (b) VALUES ('X')");
    let change = base().convert("b", "TEXT", true, sql("lower(b)"), Value::Column("b".into())).done();
    db.expand(&change);
    db.backfill(&change, 10);
    let error = db.make(Piece::Shift(&change)).expect_err("x and X are one in the new form");
    assert_eq!((error.code, error.kind), ("SG-SQ-015", ErrorKind::Constraint));
    db.run("UPDATE t SET b = 'z' WHERE b = 'X'");
    db.shift(&change);
    assert!(db.refused("INSERT INTO t (b) VALUES ('Z')").contains("UNIQUE"));
    db.contract(&change);
    assert!(db.refused("INSERT INTO t (b) VALUES ('z')").contains("UNIQUE"));
    assert_eq!(db.rows("SELECT name FROM sqlite_schema WHERE type = 'index'"), "one_b");
}

#[test]
fn indexes_are_built_and_duplicates_counted() {
    let db = Db::new(T);
    db.run("INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y'), (NULL, NULL), (NULL, NULL)");
    let build = |source, unique| IndexBuild { table: TableName::bare("t"), tag: "mig_7".into(), name: "i".into(), source, unique };
    let unique = build(IndexSource::Unique(vec!["a".into(), "b".into()]), true);
    let error = db.make(Piece::Index(&unique)).expect_err("duplicates");
    assert_eq!((error.code, error.kind), ("SG-SQ-015", ErrorKind::Constraint));
    assert!(error.message.contains(": 2 rows"), "{}", error.message);
    assert!(error.help.starts_with("the rows in the way: id="), "{}", error.help);
    db.run("DELETE FROM t WHERE id = 2");
    db.make(Piece::Index(&unique)).expect("built");
    db.make(Piece::Index(&unique)).expect("built twice");
    assert_eq!(db.observe(Piece::Index(&unique)), PieceState::Present);
    db.unmake(Piece::Index(&unique)).expect("gone");
    let define: CreateIndex = serde_json::from_str(
        r#"{"table":"t","name":"i","columns":["a",{"expression":"lower(title)","order":"desc"}],"where":"title <> 'title'"}"#,
    )
    .expect("reads");
    let define = build(IndexSource::Define { define, physical: vec![("title".into(), "b".into())] }, false);
    db.make(Piece::Index(&define)).expect("built");
    assert_eq!(
        db.rows("SELECT sql FROM sqlite_schema WHERE name = 'i'"),
        "CREATE INDEX \"i\" ON \"t\" (\"a\", (lower(\"b\")) DESC) WHERE \"b\" <> 'title'"
    );
    let table = TableName::bare("t");
    db.make(Piece::DropIndex(&table, "i")).expect("gone");
    assert_eq!(db.observe(Piece::DropIndex(&table, "i")), PieceState::Present);
}

#[test]
fn an_index_on_a_twin_is_carried_to_its_final_name() {
    let db = Db::new(T);
    let change = base().convert("a", "TEXT", true, sql("CAST(a AS TEXT)"), sql("CAST(a AS INT)")).done();
    db.expand(&change);
    let source = IndexSource::Unique(vec!["a__mig_7".into()]);
    let build = IndexBuild { table: TableName::bare("t"), tag: "mig_7".into(), name: "u".into(), source, unique: true };
    db.backfill(&change, 10);
    db.make(Piece::Index(&build)).expect("built");
    db.shift(&change);
    db.contract(&change);
    assert_eq!(db.rows("SELECT sql FROM sqlite_schema WHERE name = 'u'"), "CREATE UNIQUE INDEX \"u\" ON \"t\" (\"a\")");
}

#[test]
fn a_check_of_the_table_holds_for_converted_values_too() {
    let db =
        Db::new("CREATE TABLE t (id INTEGER PRIMARY KEY, a INT CONSTRAINT pos CHECK (a > 0), b TEXT); INSERT INTO t (a) VALUES (5), (200)");
    let change = base().convert("a", "INT", true, sql("a - 100"), sql("a + 100")).done();
    db.expand(&change);
    assert_eq!(db.backfill(&change, 10), (1, 1));
    assert!(db.refused("UPDATE t SET a__mig_7 = -1 WHERE id = 2").contains("does not take"));
    db.run("UPDATE t SET a = 101 WHERE id = 1");
    db.shift(&change);
    db.contract(&change);
    assert_eq!(db.rows("SELECT a FROM t"), "1;100");
    assert_eq!(db.table_sql("t"), "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT CONSTRAINT pos CHECK (a > 0), b TEXT)");
}

#[test]
fn a_unique_constraint_ends_as_an_index_of_its_name() {
    let db = Db::new(T);
    let what = ConstraintWhat::Unique { columns: vec!["b__mig_7".into()], index: "built".into() };
    let change = base().convert("b", "TEXT", true, sql("lower(b)"), Value::Column("b".into())).constraint("one_b", what).done();
    let source = IndexSource::Unique(vec!["b__mig_7".into()]);
    let build = IndexBuild { table: TableName::bare("t"), tag: "mig_7".into(), name: "built".into(), source, unique: true };
    db.expand(&change);
    db.backfill(&change, 10);
    db.make(Piece::Index(&build)).expect("built");
    assert!(db.refused("INSERT INTO t (b) VALUES ('X')").contains("UNIQUE"));
    db.shift(&change);
    db.contract(&change);
    assert_eq!(db.rows("SELECT sql FROM sqlite_schema WHERE type = 'index'"), "CREATE UNIQUE INDEX \"one_b\" ON \"t\" (\"b\")");
}

#[test]
fn constraints_on_a_renamed_column_bind_both_of_its_names() {
    let db = Db::new(T);
    let pair = vec![("title".to_owned(), "b".to_owned())];
    let change = base()
        .rename("b", "title")
        .constraint("b_there", ConstraintWhat::NotNull { column: "b".into() })
        .constraint("short", ConstraintWhat::Check { check: "length(title) < 5".into(), physical: pair })
        .done();
    db.expand(&change);
    db.run("INSERT INTO t (title) VALUES ('new'); INSERT INTO t (b) VALUES ('old')");
    assert!(db.refused("INSERT INTO t (title) VALUES ('too long')").contains("does not take"));
    assert!(db.refused("INSERT INTO t_mig_7_new (title) VALUES (NULL)").contains("does not take"));
    db.run("INSERT INTO t (b) VALUES ('kept aside'), ('kept aside too')");
    assert_eq!(db.backfill(&change, 10), (1, 0));
    assert!(db.make(Piece::Shift(&change)).is_err());
    db.run("UPDATE t SET b = 'ok' WHERE length(b) > 5");
    db.shift(&change);
    db.contract(&change);
    assert_eq!(
        db.table_sql("t"),
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, \"title\" TEXT NOT NULL, CONSTRAINT \"short\" CHECK (length(title) < 5))"
    );
    assert_eq!(db.rows("SELECT title FROM t ORDER BY id"), "x;new;old;ok;ok");
}

#[test]
fn rows_kept_aside_do_not_meet_in_a_unique_index() {
    let db = Db::new("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT); INSERT INTO t (a) VALUES ('1')");
    let cast = |to: &str| Value::Cast { column: "a".into(), to: to.into() };
    let change = Build::new("t", &[("id", "INTEGER", false), ("a", "TEXT", true), ("b", "TEXT", true)], &["id"])
        .convert("a", "INTEGER", true, cast("INTEGER"), cast("TEXT"))
        .done();
    db.expand(&change);
    db.backfill(&change, 10);
    let source = IndexSource::Unique(vec!["a__mig_7".into()]);
    let build = IndexBuild { table: TableName::bare("t"), tag: "mig_7".into(), name: "u".into(), source, unique: true };
    db.make(Piece::Index(&build)).expect("built");
    db.run("INSERT INTO t (a) VALUES ('x'), ('y'); INSERT INTO t (a) VALUES ('z')");
    assert!(db.refused("INSERT INTO t (a) VALUES ('01')").contains("UNIQUE"), "1 and 01 are one number");
    assert_eq!(db.rows("SELECT a FROM t_mig_7_new ORDER BY id"), "1;x;y;z");
    db.run("UPDATE t SET a = '2' WHERE a = 'x'; UPDATE t SET a__mig_7 = 3 WHERE a = 'y'; DELETE FROM t WHERE a = 'z'");
    db.shift(&change);
    db.contract(&change);
    assert_eq!(db.rows("SELECT a FROM t ORDER BY id"), "1;2;3");
}
