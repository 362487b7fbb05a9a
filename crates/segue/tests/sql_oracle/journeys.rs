//! `--spec`: the journey that a check writes is taken by `segue plan`, runs on a real database, and ends in the catalog of the
//! script or schema that it stands for.

use std::path::Path;
use std::process::{Command, Output};

use segue_engine::inspect::Inspect as _;
use segue_model::catalog::{Catalog, differences};
use segue_sqlite::SqliteEngine;

use crate::server::{BASE, Database, filled};

/// Scripts of which every statement is a change that Segue runs, `;;` between them.
const SCRIPTS: &str = "
CREATE INDEX users_email ON users (email);
;;
CREATE INDEX users_city ON users (lower(city)) WHERE age > 3;
;;
CREATE UNIQUE INDEX users_mail ON users (email);
;;
DROP INDEX users_order;
;;
ALTER TABLE users ADD CONSTRAINT old CHECK (age < 200);
;;
ALTER TABLE users ADD CONSTRAINT to_order FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE;
;;
ALTER TABLE users ADD CONSTRAINT email_once UNIQUE (email);
;;
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
;;
ALTER TABLE users ADD CONSTRAINT to_device FOREIGN KEY (device_id) REFERENCES devices (id) ON DELETE RESTRICT ON UPDATE SET NULL;
;;
ALTER TABLE users DROP COLUMN email;
;;
ALTER TABLE orders RENAME COLUMN note TO remark;
;;
ALTER TABLE users ADD COLUMN nick text, ADD COLUMN seen timestamptz DEFAULT now(), ADD CONSTRAINT nick_once UNIQUE (nick);
;;
CREATE TABLE fresh (id bigint PRIMARY KEY, order_id bigint REFERENCES orders, what text NOT NULL DEFAULT 'a' CHECK (what <> ''));
";

const SQLITE_BASE: &str = "
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT);
CREATE INDEX t_a ON t (a);
INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2);
";

const SQLITE_SCRIPTS: &[&str] = &["ALTER TABLE t RENAME COLUMN a TO z;", "ALTER TABLE t DROP COLUMN b;"];

fn segue(folder: &Path, url: &str, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
    command.args(words).current_dir(folder).env("DATABASE_URL", url).env("NO_COLOR", "1").output().expect("segue runs")
}

/// What it said, or what failed.
fn done(output: &Output, words: &str, script: &str) -> Result<String, String> {
    let shown = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(shown) } else { Err(format!("{words} of\n{script}\n{shown}")) }
}

/// Writes the spec of a script, and takes it through a plan to its end.
fn journey(folder: &Path, url: &str, against: &str, script: &str) -> Result<(), String> {
    std::fs::write(folder.join("s.sql"), script).expect("written");
    let words = ["check", "s.sql", "--against", against, "--spec", "segue.yaml", "--fail-on", "never"];
    let said = done(&segue(folder, url, &words), "check --spec", script)?;
    if said.contains("is not in it") {
        return Err(format!("a statement is left out of\n{script}\n{said}"));
    }
    planned(folder, url, script)
}

/// The spec that is there: planned and run.
fn planned(folder: &Path, url: &str, script: &str) -> Result<(), String> {
    done(&segue(folder, url, &["plan", "-f", "segue.yaml", "--fail-on", "never"]), "plan", script)?;
    done(&segue(folder, url, &["apply", "-f", "segue.yaml", "--yes"]), "apply", script).map(drop)
}

async fn catalog(database: &Database) -> Catalog {
    let mut catalog = database.engine.catalog_all().await.expect("a catalog").catalog;
    // What Segue leaves for the new version's connections are views of its own schemas.
    catalog.views.retain(|view| view.name.schema == "public");
    catalog
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_spec_of_a_script_ends_in_its_catalog() {
    let mut wrong = Vec::new();
    for script in SCRIPTS.split(";;\n") {
        let (straight, journeys) = (filled().await, filled().await);
        for (one, other) in straight.iter().zip(&journeys) {
            one.client.batch_execute(script).await.expect("the script runs");
            let folder = tempfile::tempdir().expect("a folder");
            std::fs::write(folder.path().join("base.sql"), BASE).expect("written");
            // Of a file every table may be large, of the database each of them is small.
            let against = if one.version < 180_000 { "base.sql" } else { "env:DATABASE_URL" };
            if let Err(why) = tokio::task::block_in_place(|| journey(folder.path(), &other.url, against, script)) {
                wrong.push(why);
                continue;
            }
            let other_way = differences(&catalog(one).await, &catalog(other).await);
            if !other_way.is_empty() {
                wrong.push(format!("PostgreSQL {}: another catalog after\n{script}{}", one.version, other_way.join("\n")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_spec_of_two_schemas_ends_in_the_new_one() {
    let change = "ALTER TABLE users ADD COLUMN nick text DEFAULT 'x'; CREATE INDEX users_email ON users (email);
        ALTER TABLE users DROP COLUMN score; CREATE TABLE fresh (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id), what text NOT NULL);";
    let (straight, journeys) = (filled().await, filled().await);
    for (one, other) in straight.iter().zip(&journeys) {
        one.client.batch_execute(change).await.expect("the change runs");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("old.sql"), BASE).expect("written");
        std::fs::write(folder.path().join("new.sql"), format!("{BASE}{change}")).expect("written");
        tokio::task::block_in_place(|| {
            let words = ["check", "old.sql", "new.sql", "--spec", "segue.yaml", "--fail-on", "never"];
            done(&segue(folder.path(), &other.url, &words), "check --spec", change).expect("a spec");
            planned(folder.path(), &other.url, change).expect("a journey");
        });
        let other_way = differences(&catalog(one).await, &catalog(other).await);
        assert_eq!(other_way, Vec::<String>::new(), "PostgreSQL {}", one.version);
    }
}

/// What the planner or its engine refuses is left out, and what is written is taken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_spec_holds_what_plan_takes() {
    let taken = "ALTER TABLE users ADD COLUMN nick text DEFAULT 'x'; CREATE INDEX users_mail ON users (email);";
    let refused = "ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid(), ADD COLUMN dice float DEFAULT random();
        ALTER TABLE users DROP COLUMN id CASCADE;";
    let there = "ALTER TABLE users ALTER COLUMN name TYPE text;";
    let (straight, journeys) = (filled().await, filled().await);
    for (one, other) in straight.iter().zip(&journeys) {
        one.client.batch_execute(taken).await.expect("the change runs");
        let folder = tempfile::tempdir().expect("a folder");
        // Nobody needs the view on the new side, so that the type can change there.
        let new = format!("{}{taken}{refused}{there}", BASE.replace("CREATE VIEW names AS SELECT id, name FROM users;", ""));
        std::fs::write(folder.path().join("new.sql"), new).expect("written");
        let said = tokio::task::block_in_place(|| {
            let words = ["check", "env:DATABASE_URL", "new.sql", "--spec", "segue.yaml", "--fail-on", "never"];
            let said = done(&segue(folder.path(), &other.url, &words), "check --spec", &format!("{taken}{refused}")).expect("a spec");
            planned(folder.path(), &other.url, taken).expect("a journey");
            said.split_whitespace().collect::<Vec<_>>().join(" ")
        });
        for words in ["gen_random_uuid(), which is volatile", "random(), which is volatile", "the view reads it (SG-PG-105)"] {
            assert!(said.contains(words), "{words}: {said}");
        }
        let other_way = differences(&catalog(one).await, &catalog(other).await);
        assert_eq!(other_way, Vec::<String>::new(), "PostgreSQL {}", one.version);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_spec_of_a_script_of_sqlite_ends_in_its_catalog() {
    for script in SQLITE_SCRIPTS {
        let folder = tempfile::tempdir().expect("a folder");
        let mut catalogs = Vec::new();
        for name in ["straight.db", "database.db"] {
            let path = folder.path().join(name);
            let connection = rusqlite::Connection::open(&path).expect("a database");
            connection.execute_batch(SQLITE_BASE).expect("its tables");
            if name == "straight.db" {
                connection.execute_batch(script).expect("the script runs");
            }
            drop(connection);
            if name == "database.db" {
                tokio::task::block_in_place(|| journey(folder.path(), "", "database.db", script)).expect("a journey");
            }
            let mut catalog = SqliteEngine::open(&path).expect("an engine").catalog_all().await.expect("a catalog").catalog;
            catalog.views.clear();
            // One of them keeps the quotes that SQLite puts around a new name.
            for index in catalog.tables.iter_mut().flat_map(|table| &mut table.indexes) {
                index.definition = index.definition.replace('"', "");
            }
            catalogs.push(catalog);
        }
        assert_eq!(differences(&catalogs[0], &catalogs[1]), Vec::<String>::new(), "another catalog after\n{script}");
    }
}
