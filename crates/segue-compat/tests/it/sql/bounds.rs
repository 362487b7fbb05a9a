//! What is beyond the bounds of SQL is said, and never called compatible.

use segue_compat::draft::report;
use segue_compat::policy::Policy;
use segue_compat::source::Source;
use segue_compat::sql::{Dialect, compare, mysql, postgres, script, sqlite};
use segue_model::check::{CheckReport, Side, Verdict};

fn schema(count: usize, last: &str) -> String {
    (0..count).map(|n| format!("create table t{n} (a int);\n")).collect::<String>() + last
}

#[test]
fn tables_beyond_the_bound_are_not_compared() {
    let policy = Policy::named("default").expect("a policy");
    let (old, new) = (schema(20_100, "create table last (a int);"), schema(20_100, "create table last (a smallint);"));
    for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite] {
        let read = |text: &str| match dialect {
            Dialect::Postgres => postgres::catalog(text),
            Dialect::Mysql => mysql::catalog(text),
            Dialect::Sqlite => sqlite::catalog(text),
        };
        let (old, new) = (read(&old), read(&new));
        let outcome = compare::check(&old, &new, dialect, policy);
        assert!(outcome.undecided, "{dialect:?}: the last table differs, and was not read");
        assert!(outcome.not_checked.iter().any(|sentence| sentence.contains("more objects than are compared")), "{dialect:?}");
        // The same rest on both sides hides nothing.
        assert!(!compare::check(&old, &old, dialect, policy).undecided, "{dialect:?}");
    }
}

fn lint(text: &str, dialect: Dialect) -> CheckReport {
    let policy = Policy::named("default").expect("a policy");
    let source = Source::one(Side::New, "m.sql", text);
    let outcome = script::lint(&source, dialect, None, policy).expect("it is read");
    report("sql", policy, &[&source], outcome)
}

#[test]
fn statements_beyond_the_bound_are_not_judged() {
    let harmless = "insert into t values (1);\n".repeat(50_010);
    for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite] {
        let said = lint(&format!("{harmless}drop table users;\n"), dialect);
        assert_ne!(said.verdict, Verdict::Compatible, "{dialect:?}");
        assert!(said.not_checked.iter().any(|sentence| sentence.contains("not judged to its end")), "{dialect:?}: {:?}", said.not_checked);
    }
}

#[test]
fn a_statement_of_very_many_words_is_not_followed() {
    let names: Vec<String> = (0..60_000).map(|n| format!("t{n}")).collect();
    for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite] {
        let said = lint(&format!("begin;\ndrop table {};\ncommit;\n", names.join(",")), dialect);
        assert_ne!(said.verdict, Verdict::Compatible, "{dialect:?}");
    }
}

#[test]
fn more_findings_of_a_kind_than_are_listed_are_counted() {
    let drops: String = (0..20_050).map(|n| format!("drop table t{n};\n")).collect();
    let said = lint(&drops, Dialect::Mysql);
    assert_eq!(said.verdict, Verdict::Breaking);
    assert!(said.findings.len() < 41_000, "{}", said.findings.len());
    assert!(said.not_checked.iter().any(|sentence| sentence.contains("50 further findings of")), "{:?}", said.not_checked);
}
