//! `--fix` on MariaDB and SQLite: what it writes runs, takes the finding away, and ends in the catalog of the script that it mends.

use std::collections::BTreeMap;
use std::path::PathBuf;

use segue_compat::policy::DEFAULT;
use segue_compat::source::Source;
use segue_compat::sql::script::{self, Options, fix};
use segue_compat::sql::{Dialect, Facts, mysql, sqlite};
use segue_engine::inspect::Inspect;
use segue_model::catalog::{Catalog, differences};
use segue_model::check::{Breaks, Side};
use segue_mysql::private_server::{Programs, find_programs};
use segue_mysql::{MysqlEngine, Target};
use segue_sim::rows::Place;

/// MariaDB's programs; only a plain clone may do without them.
pub(crate) fn mariadb() -> Option<Programs> {
    let home = std::env::var_os("SEGUE_TEST_MARIADB").map(PathBuf::from);
    let found = find_programs(home.as_deref());
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "no MariaDB: cargo xtask test installs it");
    found
}

const MARIADB_TABLES: &str = "
CREATE TABLE p (id int PRIMARY KEY) ENGINE=InnoDB;
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
INSERT INTO p VALUES (1), (2);
INSERT INTO t (s, n, r) VALUES ('a', 1, 1), ('b', 2, 2), ('c', 3, 1);
";

/// Scripts, `;;` between them.
const MARIADB_SCRIPTS: &str = "
ALTER TABLE t ADD COLUMN x int;
;;
DROP INDEX ks ON t;
;;
ALTER TABLE t ADD COLUMN nick varchar(30) DEFAULT NULL COMMENT 'once, at most' UNIQUE;
;;
ALTER TABLE t ADD COLUMN a int, ADD COLUMN b int DEFAULT 3, ADD INDEX ab (a, b), ADD UNIQUE KEY once (n, a);
;;
START TRANSACTION;
UPDATE t SET n = 7 WHERE id = 1;
ALTER TABLE t ADD COLUMN x int;
ALTER TABLE t ADD COLUMN y int;
UPDATE t SET y = 1 WHERE id = 2;
COMMIT;
";

/// Scripts that the server refuses as they stand, and what they mean.
const MARIADB_REFUSED: &[(&str, &str)] = &[
    ("ALTER TABLE t ADD INDEX k (n), ALGORITHM=INSTANT;", "ALTER TABLE t ADD INDEX k (n);"),
    ("ALTER TABLE t MODIFY s varchar(20) NOT NULL, ALGORITHM=NOCOPY;", "ALTER TABLE t MODIFY s varchar(20) NOT NULL;"),
];

const SQLITE_TABLES: &str = "
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2);
INSERT INTO c VALUES (1, 1), (2, 2);
";

/// Scripts and what they mean, where SQLite refuses them or loses rows.
const SQLITE_SCRIPTS: &[(&str, &str)] = &[
    (
        "ALTER TABLE t ADD COLUMN x INT, ADD COLUMN y TEXT DEFAULT 'a, b';",
        "ALTER TABLE t ADD COLUMN x INT; ALTER TABLE t ADD COLUMN y TEXT DEFAULT 'a, b';",
    ),
    (
        "BEGIN; ALTER TABLE t RENAME COLUMN a TO z, DROP COLUMN b; COMMIT;",
        "ALTER TABLE t RENAME COLUMN a TO z; ALTER TABLE t DROP COLUMN b;",
    ),
    (
        "CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b INT);\nINSERT INTO n SELECT id, a, b FROM t;\nDROP TABLE t;\nALTER TABLE n RENAME TO t;",
        "CREATE TABLE same (x INT); DROP TABLE same;",
    ),
    (
        "BEGIN;\nPRAGMA foreign_keys = OFF;\nCREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b INT);\nINSERT INTO n SELECT id, a, b FROM t;\n\
         DROP TABLE t;\nALTER TABLE n RENAME TO t;\nPRAGMA foreign_keys = ON;\nCOMMIT;",
        "CREATE TABLE same (x INT); DROP TABLE same;",
    ),
];

/// The findings for which there is a sequence, and those that a mend by `--fix` takes away.
fn mendable(script: &str, dialect: Dialect, facts: &Facts) -> Vec<String> {
    let source = Source::one(Side::New, "s.sql", script);
    let outcome = script::lint_with(&source, dialect, Some(facts), &DEFAULT, &Options::default()).expect("a script");
    let of_trap = |rule: &str| rule == "sqlite-script-rebuild-traps";
    outcome
        .drafts
        .into_iter()
        .filter(|draft| of_trap(&draft.rule) || draft.statement.as_ref().is_some_and(|one| !one.safe_sql.is_empty()))
        .map(|draft| format!("{}: {}", draft.rule, draft.message))
        .collect()
}

/// The script, mended, after a look at what the mend promises.
fn mended(script: &str, dialect: Dialect, facts: &Facts) -> String {
    assert!(!mendable(script, dialect, facts).is_empty(), "nothing to mend in\n{script}");
    let mended = fix(script, dialect, Some(facts), &Options::default());
    assert_ne!(mended, script);
    assert_eq!(mendable(&mended, dialect, facts), Vec::<String>::new(), "still there:\n{mended}");
    assert_eq!(fix(&mended, dialect, Some(facts), &Options::default()), mended, "twice is once");
    let dangers = |text: &str| {
        let source = Source::one(Side::New, "s.sql", text);
        let outcome = script::lint_with(&source, dialect, Some(facts), &DEFAULT, &Options::default()).expect("a script");
        outcome.drafts.iter().filter(|draft| draft.breaks.contains(&Breaks::Deploy)).count()
    };
    assert!(dangers(&mended) <= dangers(script), "a mend brings no danger:\n{mended}");
    mended
}

async fn catalog(place: &Place) -> Catalog {
    let target = Target::parse(&place.url(), &BTreeMap::new()).expect("the private server's URL");
    MysqlEngine::new(target).catalog_all().await.expect("a catalog").catalog
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mended_script_of_mariadb_ends_in_the_same_catalog() {
    let Some(programs) = mariadb() else { return };
    let facts = Facts { version: Some(101_100), ..Facts::of(mysql::catalog(MARIADB_TABLES)) };
    let same = MARIADB_SCRIPTS.split(";;\n").map(|script| (script, script));
    for (script, meant) in same.chain(MARIADB_REFUSED.iter().copied()) {
        let mended = mended(script, Dialect::Mysql, &facts);
        let (one, other) = (Place::mariadb(&programs, &[]).await, Place::mariadb(&programs, &[]).await);
        for (place, script) in [(&one, meant), (&other, mended.as_str())] {
            place.load(MARIADB_TABLES).await;
            place.load(script).await;
        }
        let (a, b) = (catalog(&one).await, catalog(&other).await);
        assert_eq!(differences(&a, &b), Vec::<String>::new(), "another catalog after\n{mended}");
    }
}

#[tokio::test]
async fn a_mended_script_of_sqlite_ends_in_the_same_catalog_and_keeps_its_rows() {
    let facts = Facts::of(sqlite::catalog(SQLITE_TABLES));
    for (script, meant) in SQLITE_SCRIPTS {
        let mended = mended(script, Dialect::Sqlite, &facts);
        let folder = tempfile::tempdir().expect("a folder");
        let mut catalogs = Vec::new();
        for (name, script) in [("meant.db", *meant), ("mended.db", mended.as_str())] {
            let path = folder.path().join(name);
            let connection = rusqlite::Connection::open(&path).expect("a database");
            connection.execute_batch("PRAGMA foreign_keys = ON;").expect("keys on");
            connection.execute_batch(SQLITE_TABLES).expect("its tables");
            connection.execute_batch(script).unwrap_or_else(|error| panic!("{error}\n{script}"));
            let count = |what: &str| {
                connection.query_row(&format!("SELECT count(*) FROM {what}"), [], |row| row.get::<_, i64>(0)).expect("a count")
            };
            assert_eq!((count("t"), count("c"), count("pragma_foreign_key_check")), (2, 2, 0), "rows are lost by\n{script}");
            let keys: i64 = connection.query_row("PRAGMA foreign_keys", [], |row| row.get(0)).expect("a setting");
            assert_eq!(keys, 1, "keys are on as before\n{script}");
            drop(connection);
            catalogs.push(segue_sqlite::SqliteEngine::open(&path).expect("an engine").catalog_all().await.expect("a catalog").catalog);
        }
        assert_eq!(differences(&catalogs[0], &catalogs[1]), Vec::<String>::new(), "another catalog after\n{mended}");
    }
}
