//! `--fix` for MySQL, MariaDB and SQLite: what it writes, and that twice is once. Servers run it in `sql_oracle` of `segue`.

use segue_compat::policy::DEFAULT;
use segue_compat::source::Source;
use segue_compat::sql::script::{self, Options, fix};
use segue_compat::sql::{Dialect, Facts};
use segue_model::check::Side;

use super::compare::read;

const TABLES: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, a varchar(20), b int);\n\
    CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);";

fn facts(dialect: Dialect) -> Facts {
    Facts { catalog: read(TABLES, dialect).catalog, ..Facts::default() }
}

#[track_caller]
fn becomes(dialect: Dialect, script: &str, expected: &str) {
    let facts = facts(dialect);
    let mended = fix(script, dialect, Some(&facts), &Options::default());
    assert_eq!(mended, expected);
    assert_eq!(fix(&mended, dialect, Some(&facts), &Options::default()), mended, "twice is once");
    let outcome = script::lint_with(&Source::one(Side::New, "s.sql", &mended), dialect, Some(&facts), &DEFAULT, &Options::default());
    let left: Vec<String> = outcome
        .expect("a script")
        .drafts
        .into_iter()
        .filter(|draft| draft.statement.as_ref().is_some_and(|one| !one.safe_sql.is_empty()))
        .map(|draft| draft.message)
        .collect();
    assert_eq!(left, Vec::<String>::new(), "a sequence of what was mended");
}

#[test]
fn a_script_of_mysql_waits_briefly_and_says_what_the_server_does() {
    let wait = "SET SESSION lock_wait_timeout = 5;\n";
    let mysql = |script: &str, expected: &str| becomes(Dialect::Mysql, script, expected);
    mysql("-- why\nALTER TABLE t ADD x int; -- behind\n", &format!("-- why\n{wait}ALTER TABLE t ADD x int; -- behind\n"));
    // A new column and its key: two statements, neither of which writes the table anew.
    mysql(
        "ALTER TABLE `t` ADD COLUMN `n` varchar(9) DEFAULT 'unique' UNIQUE KEY COMMENT 'a, b';",
        &format!("{wait}ALTER TABLE `t` ADD COLUMN `n` varchar(9) DEFAULT 'unique' COMMENT 'a, b';\nALTER TABLE `t` ADD UNIQUE KEY (`n`);"),
    );
    mysql(
        "ALTER TABLE t ADD COLUMN n int, ADD INDEX k (n, b), ALTER COLUMN b SET DEFAULT 3",
        &format!("{wait}ALTER TABLE t ADD COLUMN n int, ALTER COLUMN b SET DEFAULT 3;\nALTER TABLE t ADD INDEX k (n, b);"),
    );
    mysql(
        "ALTER TABLE t ADD INDEX k (b), ALGORITHM=INSTANT;",
        &format!("{wait}ALTER TABLE t ADD INDEX k (b), ALGORITHM=INPLACE, LOCK=NONE;"),
    );
    // DDL commits: the script says so, once for several.
    mysql(
        "START TRANSACTION;\nUPDATE t SET b = 1 WHERE id = 1;\nALTER TABLE t ADD x int;\nALTER TABLE t ADD y int;\nUPDATE t SET b = 2 WHERE id = 2;\nCOMMIT;\n",
        &format!(
            "START TRANSACTION;\nUPDATE t SET b = 1 WHERE id = 1;\nCOMMIT;\n{wait}ALTER TABLE t ADD x int;\nALTER TABLE t ADD y int;\n\
             START TRANSACTION;\nUPDATE t SET b = 2 WHERE id = 2;\nCOMMIT;\n"
        ),
    );
    for same in [
        // What copies the table has no form beside writers; a word about the whole statement is the author's.
        format!("{wait}ALTER TABLE t MODIFY b bigint;\n"),
        format!("{wait}ALTER TABLE t MODIFY b bigint, ALGORITHM=INPLACE;\n"),
        format!("{wait}ALTER TABLE t ADD n int UNIQUE, ALGORITHM=INPLACE, LOCK=NONE;\n"),
        format!("{wait}ALTER TABLE t ADD n int PRIMARY KEY;\n"),
        "UPDATE t SET b = 1;\n".to_owned(),
    ] {
        mysql(&same, &same);
    }
    // What stands close together stays so: the server reads `now (6)` and `x '41'` as something else.
    mysql(
        "ALTER TABLE t ADD n datetime(6) UNIQUE DEFAULT now(6), ADD b2 varbinary(9) DEFAULT x'41' /* why */ UNIQUE KEY -- end\n;",
        &format!(
            "{wait}ALTER TABLE t ADD n datetime(6) DEFAULT now(6), ADD b2 varbinary(9) DEFAULT x'41' /* why */;\n\
             ALTER TABLE t ADD UNIQUE KEY (`n`), ADD UNIQUE KEY (`b2`) -- end\n;"
        ),
    );
    // Code for some versions alone is no part that could be moved.
    for same in ["/*!40101 ALTER TABLE t ADD x int */;\n", "ALTER TABLE t ADD n int UNIQUE /*!80000 INVISIBLE */;\n"] {
        let facts = facts(Dialect::Mysql);
        assert!(!fix(same, Dialect::Mysql, Some(&facts), &Options::default()).contains("UNIQUE KEY ("), "{same}");
    }
    let delimited = "DELIMITER $$\nALTER TABLE t ADD x int$$\n";
    assert_eq!(fix(delimited, Dialect::Mysql, Some(&facts(Dialect::Mysql)), &Options::default()), delimited, "another sign ends it");
}

#[test]
fn a_script_of_sqlite_gets_one_action_a_statement_and_a_transaction() {
    let sqlite = |script: &str, expected: &str| becomes(Dialect::Sqlite, script, expected);
    sqlite(
        "ALTER TABLE t ADD COLUMN x int, ADD COLUMN y text DEFAULT 'a, b';\n",
        "BEGIN IMMEDIATE;\nALTER TABLE t ADD COLUMN x int;\nALTER TABLE t ADD COLUMN y text DEFAULT 'a, b';\nCOMMIT;\n",
    );
    sqlite(
        "BEGIN; ALTER TABLE t RENAME COLUMN a TO z, DROP COLUMN b; COMMIT;",
        "BEGIN; ALTER TABLE t RENAME COLUMN a TO z;\nALTER TABLE t DROP COLUMN b; COMMIT;",
    );
    let build = "CREATE TABLE n (id INTEGER PRIMARY KEY, a varchar(20), b int);\n";
    let (copy, drop, rename) = ("INSERT INTO n SELECT id, a, b FROM t;", "\n-- the old one\nDROP TABLE t;\n", "ALTER TABLE n RENAME TO t;");
    sqlite(
        &format!("{build}{copy}{drop}{rename}\n"),
        &format!(
            "{build}PRAGMA foreign_keys = OFF;\nBEGIN IMMEDIATE;\n{copy}{drop}{rename}\nPRAGMA foreign_key_check;\nCOMMIT;\nPRAGMA foreign_keys = ON;\n"
        ),
    );
    // The last statement may have no end, or a comment before it.
    for (end, ended) in [("", ";"), (" -- done", "; -- done"), (" /* done */ ;", ";")] {
        let rename = rename.trim_end_matches(';');
        let (on, last) = ("PRAGMA foreign_keys = ON", format!("{rename};\nPRAGMA foreign_key_check;\nCOMMIT;\n"));
        let ended = if end.contains('/') { end.to_owned() } else { ended.to_owned() };
        sqlite(
            &format!("{build}{copy}{drop}{rename}{end}"),
            &format!("{build}PRAGMA foreign_keys = OFF;\nBEGIN IMMEDIATE;\n{copy}{drop}{last}{on}{ended}"),
        );
    }
    let off = "PRAGMA foreign_keys = OFF;\n";
    sqlite(
        &format!("{off}{build}{copy}{drop}{rename}\n"),
        &format!("{off}{build}BEGIN IMMEDIATE;\n{copy}{drop}{rename}\nPRAGMA foreign_key_check;\nCOMMIT;\n"),
    );
    // The pragma does nothing inside a transaction: it goes to the edge at which it stands.
    sqlite(
        &format!("BEGIN;\n{off}{build}{copy}{drop}{rename}\nPRAGMA foreign_keys = ON;\nCOMMIT;\n"),
        &format!(
            "BEGIN;\nCOMMIT;\n{off}BEGIN IMMEDIATE;\n{build}{copy}{drop}{rename}\nCOMMIT;\nPRAGMA foreign_keys = ON;\nBEGIN IMMEDIATE;\nCOMMIT;\n"
        ),
    );
    for same in [
        // In the middle it would tear the transaction in two.
        format!("BEGIN;\n{build}{off}{copy}{drop}{rename}\nCOMMIT;\n"),
        // This is nothing that a transaction may hold.
        format!("{build}{copy}{drop}VACUUM;\n{rename}"),
        // Nothing takes the place of the table, or something else does.
        format!("{build}{copy}{drop}"),
        format!("{build}{copy}{drop}ALTER TABLE n RENAME TO other;\n"),
        "ALTER TABLE t ADD COLUMN x int NOT NULL, ADD COLUMN y int;\n".to_owned(),
        "ALTER TABLE t ADD COLUMN x int UNIQUE;\n".to_owned(),
        "CREATE INDEX k ON t (b);\n".to_owned(),
    ] {
        sqlite(&same, &same);
    }
}

#[test]
fn one_transaction_around_the_script_holds_no_sequence() {
    let options = Options { one_transaction: true, ..Options::default() };
    let script = "ALTER TABLE t ADD COLUMN x int, ADD COLUMN y int;";
    assert_eq!(fix(script, Dialect::Sqlite, Some(&facts(Dialect::Sqlite)), &options), script);
}
