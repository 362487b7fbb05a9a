//! Migration scripts of MySQL, MariaDB and SQLite: cases, and what a MariaDB server answered for each form of ALTER.

use std::path::PathBuf;

use segue_compat::draft::report;
use segue_compat::policy::DEFAULT;
use segue_compat::source::Source;
use segue_compat::sql::{Dialect, Facts, mysql, sqlite};
use segue_model::check::{CheckReport, Side};

use super::compare::read;

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name)
}

fn linted(schema: &str, script: &str, dialect: Dialect, version: Option<u32>) -> CheckReport {
    let catalog = read(schema, dialect).catalog;
    let facts = Facts { catalog, version, ..Facts::default() };
    let source = Source::one(Side::New, "script.sql", script);
    let known = (!schema.is_empty()).then_some(&facts);
    let outcome = match dialect {
        Dialect::Sqlite => sqlite::lint(&source, known, &DEFAULT),
        _ => mysql::lint(&source, known, &DEFAULT),
    };
    report("sql", &DEFAULT, &[&source], outcome.expect("it reads"))
}

fn lines(report: &CheckReport) -> String {
    let mut found: Vec<String> = report
        .findings
        .iter()
        .map(|finding| {
            let severity = format!("{:?}", finding.severity).to_lowercase();
            assert!(finding.at.is_some() && finding.statement.is_some(), "{}", finding.rule);
            format!("{} {} {} {severity}\n", finding.statement.unwrap_or_default(), finding.rule, finding.object)
        })
        .collect();
    found.extend(report.not_checked.iter().map(|what| format!("not checked: {what}\n")));
    found.sort();
    found.concat()
}

#[test]
fn every_script_says_what_is_expected() {
    let update = std::env::var_os("SEGUE_UPDATE_CASES").is_some();
    let mut wrong = Vec::new();
    for (name, dialect, rules) in
        [("sql-script-mysql", Dialect::Mysql, mysql::lint::RULES), ("sql-script-sqlite", Dialect::Sqlite, sqlite::lint::RULES)]
    {
        let mut seen = String::new();
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder(name)).expect("cases").map(|entry| entry.expect("a file").path()).collect();
        paths.sort();
        for path in paths {
            let text = std::fs::read_to_string(&path).expect("a text");
            let (schema, rest) = text.strip_prefix("-- schema\n").and_then(|rest| rest.split_once("-- script\n")).expect("a schema");
            let (script, expect) = rest.split_once("-- expect\n").expect("what is expected");
            let found = lines(&linted(schema, script, dialect, None));
            if path.file_stem().is_some_and(|stem| stem == "nothing") {
                assert_eq!(found, "");
            }
            if found != expect {
                if update {
                    std::fs::write(&path, format!("-- schema\n{schema}-- script\n{script}-- expect\n{found}")).expect("written");
                }
                wrong.push(format!("{}\n  expected:\n{expect}  found:\n{found}", path.display()));
            }
            seen.push_str(expect);
        }
        let missing: Vec<&str> = rules.iter().map(|rule| rule.id).filter(|id| !seen.contains(&format!("{id} "))).collect();
        assert!(update || missing.is_empty(), "{missing:?}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Each line was put to the server with ALGORITHM and LOCK from the cheapest to the dearest; the first that it took is there.
#[test]
fn a_server_answered_the_same() {
    let schema = "CREATE TABLE p (id int PRIMARY KEY);\n\
        CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), v varchar(255), w varchar(300), u varchar(10), n int, nn int NOT NULL, \
        e enum('a','b'), c char(10), d decimal(10,2), ts datetime, r int, KEY ks (s), CONSTRAINT fk1 FOREIGN KEY (r) REFERENCES p (id)) \
        ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;";
    let answers = std::fs::read_to_string(folder("sql-online-ddl").join("mariadb-10.11.14.txt")).expect("answers");
    let order = [("INSTANT", "DEFAULT"), ("NOCOPY", "NONE"), ("INPLACE", "NONE"), ("INPLACE", "SHARED"), ("COPY", "SHARED")];
    let (mut wrong, mut count) = (Vec::new(), 0);
    for line in answers.lines() {
        let (action, answer) = line.split_once(" => ").expect("an answer");
        let first = order.into_iter().find(|(algorithm, lock)| {
            let script = format!("ALTER TABLE t {action}, ALGORITHM={algorithm}, LOCK={lock};");
            !linted(schema, &script, Dialect::Mysql, Some(101_114)).findings.iter().any(|f| f.rule == "mysql-script-algorithm-refused")
        });
        let (algorithm, lock) = first.expect("a copy is always taken");
        let ours = if (algorithm, lock) == ("INPLACE", "SHARED") { "SHARED" } else { algorithm };
        if ours != answer {
            wrong.push(format!("{action}: the server says {answer}, we say {ours}"));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(count, 52);
}

#[test]
fn what_is_no_script_is_refused() {
    for text in ["", "-- nothing\n", ";;"] {
        let source = Source::one(Side::New, "script.sql", text);
        assert_eq!(mysql::lint(&source, None, &DEFAULT).expect_err("refused")[0].code, "SG-CHK-064");
        assert_eq!(sqlite::lint(&source, None, &DEFAULT).expect_err("refused")[0].code, "SG-CHK-064");
    }
}
