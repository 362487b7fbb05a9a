//! SQL text lives in the engine crates and in the journal's stores, nowhere else. Everything else
//! says what it wants in the engine's own words, so that a new engine is one crate.
//!
//! A literal is taken for SQL when it begins like a statement. Upper case is always SQL; lower case
//! needs a second sign (a bracket, ` set `, ` from `, …), because "create table users" is also what a
//! step says of itself.

use std::path::Path;

use anyhow::Result;

use super::Violation;
use super::source::Source;

/// Rooms that may hold SQL, by the beginning of the path. The demo's workload is a client
/// application, so it speaks SQL like one.
const ROOMS: &[&str] = &[
    "crates/segue-postgres/",
    "crates/segue-sqlite/",
    "crates/segue-mysql/",
    // xtask:new engine
    "crates/segue-journal/src/store/",
    "crates/segue/src/demo/",
    // Commands that a plan renders for people: they never run here (docs/adr/0009).
    "crates/segue-planner/src/recipe/script/",
    // Rules about SQL, and the safe statements that they propose (docs/adr/0010).
    "crates/segue-compat/src/sql/",
    "xtask/",
];

/// A statement's first word, and what may follow it (`None`: anything, with a second sign).
const STATEMENTS: &[(&str, Option<&[&str]>)] = &[
    ("select", None),
    ("insert", Some(&["into", "or"])),
    ("update", None),
    ("delete", Some(&["from"])),
    ("merge", Some(&["into"])),
    ("truncate", Some(&["table", "only"])),
    ("pragma", None),
    ("savepoint", None),
    ("begin", Some(&["immediate", "exclusive", "transaction", "isolation"])),
    ("lock", Some(&["table"])),
    ("comment", Some(&["on"])),
    ("create", Some(OBJECTS)),
    ("alter", Some(OBJECTS)),
    ("drop", Some(OBJECTS)),
];

const OBJECTS: &[&str] = &[
    "table",
    "index",
    "unique",
    "view",
    "schema",
    "trigger",
    "function",
    "or",
    "temp",
    "temporary",
    "type",
    "sequence",
    "policy",
    "role",
    "extension",
    "materialized",
    "publication",
    "domain",
    "column",
    "constraint",
];

/// Signs that a lower-case text is a statement and not a sentence.
const SIGNS: &[&str] =
    &["(", ";", " set ", " from ", " values", " add ", " where ", " if exists", " if not exists", " cascade", " as ", "="];

/// Checks one file.
pub(crate) fn check(source: &Source) -> Vec<Violation> {
    if source.is_proof() || ROOMS.iter().any(|room| source.path.starts_with(room)) {
        return Vec::new();
    }
    source
        .lexed
        .literals
        .iter()
        .filter(|(line, literal)| !source.is_test(*line) && is_sql(literal))
        .map(|(line, literal)| Violation {
            path: source.path.clone(),
            line: *line,
            rule: "sql_text",
            message: format!("SQL outside the engines: `{}`", literal.chars().take(40).collect::<String>().trim()),
        })
        .collect()
}

/// Files of SQL are SQL text too.
pub(crate) fn check_sql_files(root: &Path) -> Result<Vec<Violation>> {
    let files = super::tracked(root, &["crates"])?;
    let misplaced = files.into_iter().filter(|path| {
        Path::new(path).extension().is_some_and(|e| e == "sql")
            && !path.contains("/tests/")
            && !path.starts_with("crates/segue-sim/")
            && !ROOMS.iter().any(|room| path.starts_with(room))
    });
    Ok(misplaced
        .map(|path| Violation { path, line: 0, rule: "sql_text", message: "a file of SQL outside the engines".to_owned() })
        .collect())
}

fn is_sql(literal: &str) -> bool {
    let text = literal.trim_start();
    let mut words = text.split_whitespace();
    let (Some(first), Some(second)) = (words.next(), words.next()) else {
        return false;
    };
    let lower = first.to_lowercase();
    let Some((_, followers)) = STATEMENTS.iter().find(|(word, _)| *word == lower) else {
        return false;
    };
    let second = second.trim_end_matches(';').to_lowercase();
    if followers.is_some_and(|allowed| !allowed.contains(&second.as_str())) {
        return false;
    }
    let is_upper = first.len() > 1 && first.chars().all(char::is_uppercase);
    let lowered = text.to_lowercase();
    // "Update the …", "Select a …" are sentences; a statement shows itself by a second sign.
    is_upper || SIGNS.iter().filter(|sign| lowered.contains(**sign)).count() >= needed(&lower)
}

/// How many signs a lower-case text needs: one word that is common in English needs more.
fn needed(first: &str) -> usize {
    match first {
        "select" | "update" => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_from_sentences() {
        for sql in [
            "SELECT 1",
            "select id from t where id = $1",
            "  INSERT INTO t VALUES (1)",
            "insert into t (a) values (1)",
            "update t set a = 1",
            "create table t (id int)",
            "alter table t add column a int",
            "ALTER TABLE t",
            "drop table if exists t",
            "pragma foreign_keys = on",
            "begin immediate;",
        ] {
            assert!(is_sql(sql), "{sql}");
        }
        for prose in [
            "select",
            "create table users",
            "drop index users_by_name",
            "Update the plan and run it again",
            "select a run with --run ID",
            "delete the file (it is not needed)",
            "create the folder (once)",
            "",
        ] {
            assert!(!is_sql(prose), "{prose}");
        }
    }

    #[test]
    fn only_the_engines_hold_sql() {
        let count = |path: &str| {
            let text = "fn a() { run(\"SELECT 1 FROM t\"); }";
            check(&Source::new(path, text)).len()
        };
        assert_eq!(count("crates/segue-steps/src/a.rs"), 1);
        assert_eq!(count("crates/segue-journal/src/lease.rs"), 1);
        assert_eq!(count("crates/segue-journal/src/store/sqlite.rs"), 0);
        assert_eq!(count("crates/segue-postgres/src/a.rs"), 0);
        assert_eq!(count("crates/segue-steps/tests/it/a.rs"), 0);
    }
}
