//! Dumps and schemas of MySQL, MariaDB and SQLite as catalogs, and hostile texts.

use std::path::PathBuf;

use segue_compat::policy::DEFAULT;
use segue_compat::sql::{CatalogRead, Dialect, compare, mysql, sqlite};
use segue_model::catalog::{ConstraintKind, TableKind};

/// A file of the shared data; `None` where the folder is absent and that may be.
pub(crate) fn data(path: &str) -> Option<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    match std::fs::read_to_string(folder.join(path)) {
        Ok(text) => Some(text),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "{path}: {error}");
            eprintln!("{path} is not here: skipped");
            None
        }
    }
}

fn against_itself(read: &CatalogRead, dialect: Dialect) {
    let outcome = compare::check(read, read, dialect, &DEFAULT);
    assert!(outcome.drafts.is_empty(), "{:?}", outcome.drafts);
    assert!(outcome.steps.is_empty() && !outcome.undecided);
}

#[test]
fn all_real_create_texts_of_mariadb_read_whole() {
    let Some(text) = data("mariadb-tables/show_create.jsonl") else { return };
    let mut count = 0;
    for line in text.lines() {
        let entry: serde_json::Value = serde_json::from_str(line).expect("json");
        let sql = entry["sql"].as_str().expect("a text");
        let read = mysql::catalog(sql);
        assert!(read.not_read.is_empty(), "{}: {:?}", entry["test"], read.not_read);
        assert_eq!(read.catalog.tables.len(), 1, "{}", entry["test"]);
        let table = &read.catalog.tables[0];
        assert_eq!(table.name.name, entry["table"].as_str().expect("a name"));
        let written = sql.lines().filter(|line| line.starts_with("  `")).count();
        assert_eq!(table.columns.len(), written, "{}", entry["test"]);
        assert!(table.columns.iter().all(|column| !column.data_type.is_empty()));
        against_itself(&read, Dialect::Mysql);
        count += 1;
    }
    assert_eq!(count, 148);
}

#[test]
fn whole_dumps_read() {
    for (path, dialect, tables) in [
        ("sakila/mysql-schema.sql", Dialect::Mysql, 16),
        ("sakila/mysql-data.sql", Dialect::Mysql, 0),
        ("chinook/mysql.sql", Dialect::Mysql, 11),
        ("chinook/sqlite.sql", Dialect::Sqlite, 11),
    ] {
        let Some(text) = data(path) else { continue };
        let read = if dialect == Dialect::Mysql { mysql::catalog(&text) } else { sqlite::catalog(&text) };
        // The file of data alone alters a table that another file makes.
        let unread = if path.ends_with("mysql-data.sql") { 2 } else { 0 };
        assert_eq!((read.catalog.tables.len(), read.not_read.len()), (tables, unread), "{path}: {:?}", read.not_read);
        against_itself(&read, dialect);
        for table in &read.catalog.tables {
            let path = table.name.name.clone();
            let span = read.places.get(&path).unwrap_or_else(|| panic!("{path} has a place"));
            assert!(text[span.start as usize..span.end as usize].contains(&table.name.name));
        }
        if path == "sakila/mysql-schema.sql" {
            let film = read.catalog.tables.iter().find(|table| table.name.name == "film").expect("film");
            assert_eq!(film.column("rating").map(|c| c.data_type.as_str()), Some("enum('G','PG','PG-13','R','NC-17')"));
            assert_eq!(film.triggers.len(), 3);
            assert_eq!(film.constraints.iter().filter(|c| c.kind == ConstraintKind::ForeignKey).count(), 2);
            assert!(read.catalog.views.len() >= 6, "{:?}", read.catalog.views.len());
            assert!(read.objects.keys().any(|name| name.starts_with("procedure ")));
        }
    }
}

#[test]
fn what_follows_a_create_changes_it() {
    let read = mysql::catalog(
        "CREATE TABLE a (id int, x varchar(5), KEY k (x));\n\
         ALTER TABLE a ADD COLUMN y int NOT NULL FIRST, MODIFY x varchar(9) NOT NULL, DROP KEY k, ADD UNIQUE u (x), RENAME TO b;\n\
         ALTER TABLE b CHANGE y z bigint AFTER id, ALGORITHM=INPLACE, LOCK=NONE;\n\
         CREATE INDEX i ON b (z, x(3));\nRENAME TABLE b TO c;\nALTER TABLE nowhere ADD q int;",
    );
    let table = &read.catalog.tables[0];
    assert_eq!(table.name.name, "c");
    assert_eq!(
        table.columns.iter().map(|c| (c.name.as_str(), c.data_type.as_str(), c.nullable)).collect::<Vec<_>>(),
        [("id", "int", true), ("z", "bigint", true), ("x", "varchar(9)", false)]
    );
    assert_eq!(table.indexes.iter().map(|i| i.definition.as_str()).collect::<Vec<_>>(), ["KEY `i` (`z`, `x`(3))", "UNIQUE KEY `u` (`x`)"]);
    assert_eq!(read.not_read, ["line 6: an ALTER of table nowhere, which is not here"]);
}

#[test]
fn version_comments_and_delimiters_are_code() {
    let read = mysql::catalog(
        "/*!40101 SET NAMES utf8 */;\nCREATE TABLE `t` (\n `a` int /*!80023 INVISIBLE */,\n `b` text\n) /*!50100 PARTITION BY KEY (a) PARTITIONS 2 */;\n\
         DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`%`*/ /*!50003 TRIGGER `x` BEFORE INSERT ON `t` FOR EACH ROW BEGIN SET NEW.a = 1; END */;;\nDELIMITER ;\n\
         /*!50001 CREATE VIEW `v` AS select 1 */;",
    );
    assert!(read.not_read.is_empty(), "{:?}", read.not_read);
    let table = &read.catalog.tables[0];
    assert_eq!((table.kind, table.triggers.len(), read.catalog.views.len()), (TableKind::Partitioned, 1, 1));
}

#[test]
fn sqlite_says_what_its_own_rules_say() {
    let read = sqlite::catalog(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, \"od\"\"d\" TEXT, key TEXT, v GENERATED ALWAYS AS (id + 1) VIRTUAL, n DECIMAL(10, 2) NOT NULL ON CONFLICT IGNORE);\n\
         CREATE TABLE w (a TEXT, b INT, PRIMARY KEY (a, b)) WITHOUT ROWID, STRICT;\n\
         ALTER TABLE t RENAME key TO kind;\nALTER TABLE t ADD extra;\nALTER TABLE t DROP COLUMN n;\nCREATE VIRTUAL TABLE f USING fts5(x);",
    );
    assert!(read.not_read.is_empty(), "{:?}", read.not_read);
    let names: Vec<_> = read.catalog.tables.iter().map(|table| table.name.name.as_str()).collect();
    assert_eq!(names, ["f", "t", "w"]);
    let t = &read.catalog.tables[1];
    assert_eq!(t.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["id", "od\"d", "kind", "v", "extra"]);
    assert_eq!(t.columns[0].identity.as_deref(), Some("rowid"));
    assert!(read.catalog.tables[2].columns.iter().all(|c| !c.nullable));
}

/// So many tables, each with a column of its own.
fn many_tables(stem: &str, count: usize) -> String {
    let tables: Vec<String> = (0..count).map(|n| format!("CREATE TABLE {stem}{n} ({stem}{n} int, b int);")).collect();
    tables.concat()
}

#[test]
fn hostile_texts_end() {
    let many = |part: &str, count: usize| part.repeat(count);
    let texts = [
        many("(", 200_000),
        format!("CREATE TABLE t ({}", many("(", 200_000)),
        format!("CREATE TABLE t ({});", many("a int,", 300_000)),
        format!("CREATE TABLE t (a int CHECK {}1{});", many("(", 100_000), many(")", 100_000)),
        many("CREATE TABLE t (a int);", 50_000),
        many_tables("t", 20_000),
        many("CREATE TRIGGER x BEGIN ", 50_000),
        many("'", 100_001),
        many("/*", 100_000),
        format!("CREATE TABLE t (e enum({}'z'));", many("'aaaa',", 100_000)),
        "\u{0}\u{1F600}CREATE TABLE \u{1F600} (\u{1F600} \u{1F600});DELIMITER \u{1F600}\nx\u{1F600}".to_owned(),
        many("\u{FEFF}é--\n", 10_000),
    ];
    for (at, text) in texts.iter().enumerate() {
        for dialect in [Dialect::Mysql, Dialect::Sqlite] {
            let read = if dialect == Dialect::Mysql { mysql::catalog(text) } else { sqlite::catalog(text) };
            let empty = CatalogRead::default();
            let _ = compare::check(&empty, &read, dialect, &DEFAULT);
            let _ = compare::check(&read, &empty, dialect, &DEFAULT);
            if at != 5 {
                against_itself(&read, dialect);
            }
        }
    }
    let renamed = |stem: &str| many_tables(stem, 3_000);
    let (a, b) = (mysql::catalog(&renamed("a")), mysql::catalog(&renamed("b")));
    assert_eq!(compare::check(&a, &b, Dialect::Mysql, &DEFAULT).drafts.len(), 6_000);
}
