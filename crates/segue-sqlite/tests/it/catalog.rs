//! The catalog: everything that SQLite keeps only in text is there.

use segue_engine::{Engine, Reshape};
use segue_model::catalog::ConstraintKind;
use segue_model::ident::TableName;

use crate::support::{Db, wait};

#[test]
fn a_table_is_read_whole() {
    let db = Db::new(
        "CREATE TABLE par (x INT, y INT, PRIMARY KEY (x, y));
         CREATE TABLE T1 (id INTEGER PRIMARY KEY, n TEXT NOT NULL COLLATE NOCASE DEFAULT 'it''s' CHECK (n <> ''), g AS (upper(n)) STORED,
           x INT, y INT, CONSTRAINT k FOREIGN KEY (x, y) REFERENCES par ON DELETE CASCADE, CONSTRAINT u UNIQUE (x, n));
         CREATE INDEX e ON T1 (lower(n), x DESC) WHERE x > 1;
         CREATE VIEW v AS SELECT n FROM t1 WHERE x > 0;
         CREATE TRIGGER tr AFTER INSERT ON T1 BEGIN SELECT 1; END;",
    );
    let name = wait(db.engine.resolve(&TableName::bare("t1"))).expect("resolves");
    assert_eq!(name, TableName::bare("T1"));
    let catalog = wait(db.engine.catalog(&[name.clone(), TableName::bare("none")])).expect("reads");
    let table = catalog.table(&name).expect("there");
    let n = table.column("n").expect("there");
    assert_eq!((n.nullable, n.default.as_deref(), n.collation.as_deref()), (false, Some("'it''s'"), Some("NOCASE")));
    assert_eq!(table.column("g").expect("there").generated.as_deref(), Some("upper(n)"));
    assert_eq!(table.column("id").expect("there").identity.as_deref(), Some("rowid"));
    assert_eq!(table.walk_key(), Some(vec!["id".to_owned()]));
    let kinds: Vec<(ConstraintKind, &str)> = table.constraints.iter().map(|c| (c.kind, c.name.as_str())).collect();
    assert_eq!(
        kinds,
        [(ConstraintKind::PrimaryKey, ""), (ConstraintKind::Check, ""), (ConstraintKind::ForeignKey, "k"), (ConstraintKind::Unique, "u")]
    );
    let index = table.indexes.iter().find(|index| index.name == "e").expect("there");
    assert_eq!(index.columns, ["(lower(n))", "x"]);
    assert!(index.partial_or_expression && !index.unique);
    assert_eq!(table.triggers[0].name, "tr");
    assert_eq!(catalog.views[0].reads, [(name, vec!["n".to_owned(), "x".to_owned()])]);
    let par = wait(db.engine.catalog(&[TableName::bare("par")])).expect("reads");
    assert_eq!(par.tables[0].referenced_by[0].columns, ["x", "y"]);
    assert_eq!(wait(db.engine.tables()).expect("reads"), [TableName::bare("T1"), TableName::bare("par")]);
    assert_eq!(wait(db.engine.index_table(&TableName::bare("E"))).expect("reads"), Some(TableName::bare("T1")));
    assert_eq!(wait(db.engine.row_estimate(&TableName::bare("par"))).expect("counts"), 0);
}

#[test]
fn a_query_is_digested_and_cannot_write() {
    let db = Db::new("CREATE TABLE t (a); INSERT INTO t VALUES (1), ('1'), (NULL)");
    let digest = |sql: &str| wait(db.engine.query_digest(sql)).expect("runs");
    assert_eq!(digest("SELECT a FROM t").1, 3);
    assert_eq!(digest("SELECT a FROM t"), digest("SELECT a FROM t"));
    assert_ne!(digest("SELECT 1"), digest("SELECT '1'"));
    assert_ne!(digest("SELECT 'a', 'bc'"), digest("SELECT 'ab', 'c'"));
    assert_ne!(digest("SELECT 1 UNION ALL SELECT 2"), digest("SELECT 2 UNION ALL SELECT 1"));
    let error = wait(db.engine.query_digest("DELETE FROM t RETURNING a")).expect_err("read only");
    assert_eq!(error.code, "SG-SQ-005");
    assert_eq!(db.rows("SELECT count(*) FROM t"), "3");
}

#[test]
fn errors_hold_no_value() {
    let db = Db::new("CREATE TABLE t (a)");
    let error = wait(db.engine.query_digest("SELECT 'canary' FROM nowhere")).expect_err("no table");
    assert!(!error.to_string().contains("canary") && error.code.starts_with("SG-SQ-"));
    let missing = segue_sqlite::SqliteEngine::open(db.dir.path().join("none.db")).err().expect("no file");
    assert_eq!(missing.code, "SG-SQ-001");
    std::fs::write(db.dir.path().join("text.db"), "this is no database, but some text that is long enough").expect("writes");
    let damaged = segue_sqlite::SqliteEngine::open(db.dir.path().join("text.db")).err().expect("no database");
    assert_eq!(damaged.code, "SG-SQ-006");
}
