//! Schemas compared: a case a file in `tests/cases/sql-compare/`, in both directions.
//!
//! A case has the lines `-- dialect`, `-- old`, `-- new` and `-- expect`; what is expected is one line a finding, sorted:
//! rule, object, severity, what it breaks. `SEGUE_UPDATE_CASES=1` writes what was found, to be read by a person.

use std::collections::BTreeSet;
use std::path::PathBuf;

use segue_compat::draft::{Outcome, report};
use segue_compat::policy::{DEFAULT, POLICIES};
use segue_compat::source::Source;
use segue_compat::sql::{CatalogRead, Dialect, compare, mysql, postgres, sqlite};
use segue_model::check::{CheckReport, Side, Verdict};

/// A case as read.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) head: String,
    pub(crate) dialect: Dialect,
    pub(crate) old: String,
    pub(crate) new: String,
    pub(crate) expect: String,
}

pub(crate) fn cases() -> Vec<Case> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/sql-compare");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder).expect("cases").map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    paths.into_iter().map(case).collect()
}

fn case(path: PathBuf) -> Case {
    let text = std::fs::read_to_string(&path).expect("a text");
    let (head, rest) = text.split_once("-- old\n").expect("an old side");
    let (old, rest) = rest.split_once("-- new\n").expect("a new side");
    let (new, expect) = rest.split_once("-- expect\n").expect("what is expected");
    let dialect = match head.lines().find_map(|line| line.strip_prefix("-- dialect: ")) {
        Some("mysql") => Dialect::Mysql,
        Some("sqlite") => Dialect::Sqlite,
        Some("postgres") => Dialect::Postgres,
        other => panic!("{}: dialect {other:?}", path.display()),
    };
    let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
    Case { name, head: head.to_owned(), dialect, old: old.to_owned(), new: new.to_owned(), expect: expect.to_owned(), path }
}

pub(crate) fn read(text: &str, dialect: Dialect) -> CatalogRead {
    match dialect {
        Dialect::Mysql => mysql::catalog(text),
        Dialect::Sqlite => sqlite::catalog(text),
        Dialect::Postgres => postgres::catalog(text),
    }
}

fn outcome(old: &str, new: &str, dialect: Dialect) -> Outcome {
    compare::check(&read(old, dialect), &read(new, dialect), dialect, &DEFAULT)
}

fn checked(old: &str, new: &str, dialect: Dialect) -> CheckReport {
    let (a, b) = (Source::one(Side::Old, "old.sql", old), Source::one(Side::New, "new.sql", new));
    report("sql", &DEFAULT, &[&a, &b], outcome(old, new, dialect))
}

fn lines(report: &CheckReport) -> String {
    let mut found: Vec<String> = report
        .findings
        .iter()
        .map(|finding| {
            let breaks: Vec<String> = finding.breaks.iter().map(|what| format!("{what:?}").to_lowercase()).collect();
            let severity = format!("{:?}", finding.severity).to_lowercase();
            let undecided = if finding.undecided { " undecided" } else { "" };
            format!("{} {} {severity} [{}]{undecided}\n", finding.rule, finding.object, breaks.join(" "))
        })
        .collect();
    found.extend(report.not_checked.iter().map(|what| format!("not checked: {what}\n")));
    found.sort();
    found.concat()
}

#[test]
fn every_case_says_what_is_expected() {
    let update = std::env::var_os("SEGUE_UPDATE_CASES").is_some();
    let mut wrong = Vec::new();
    for case in cases() {
        let found = lines(&checked(&case.old, &case.new, case.dialect));
        if found != case.expect {
            if update {
                let text = format!("{}-- old\n{}-- new\n{}-- expect\n{found}", case.head, case.old, case.new);
                std::fs::write(&case.path, text).expect("written");
            }
            wrong.push(format!("{}\n  expected:\n{}  found:\n{found}", case.name, case.expect));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case_and_one_says_nothing() {
    let expected: String = cases().into_iter().map(|case| case.expect).collect();
    let missing: Vec<&str> = compare::RULES.iter().map(|rule| rule.id).filter(|id| !expected.contains(&format!("{id} "))).collect();
    // What only a live database's catalog shows is tried in `live.rs`.
    assert_eq!(missing, super::live::SHOWN_THERE);
    assert!(cases().iter().any(|case| case.expect.is_empty()));
    assert!(cases().len() >= 50);
}

#[test]
fn a_schema_against_itself_gives_nothing_and_swapping_swaps() {
    let mut wrong = Vec::new();
    for case in cases() {
        for side in [&case.old, &case.new] {
            let same = checked(side, side, case.dialect);
            assert_eq!((same.findings.as_slice(), same.verdict), ([].as_slice(), Verdict::Compatible), "{}", case.name);
            assert!(same.steps.is_empty());
        }
        let (there, back) = (checked(&case.old, &case.new, case.dialect), checked(&case.new, &case.old, case.dialect));
        if (there.deploy, there.rollback) != (back.rollback, back.deploy) {
            wrong.push(format!("{}: {:?} {:?}", case.name, (there.deploy, there.rollback), (back.deploy, back.rollback)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_unrelated_table_changes_no_other_finding() {
    let further = "CREATE TABLE wholly_unrelated_zz (qq1 integer PRIMARY KEY, qq2 text, qq3 text, qq4 date);\n";
    for case in cases() {
        let plain: BTreeSet<String> = checked(&case.old, &case.new, case.dialect).findings.into_iter().map(|f| f.id).collect();
        let with = checked(&format!("{}{further}", case.old), &format!("{}{further}", case.new), case.dialect);
        assert_eq!(plain, with.findings.into_iter().map(|f| f.id).collect(), "{}", case.name);
    }
}

#[test]
fn the_same_bytes_every_time_and_by_every_policy() {
    for case in cases() {
        let (old, new) = (read(&case.old, case.dialect), read(&case.new, case.dialect));
        for policy in POLICIES {
            let text = |_: u8| {
                let sides = (Source::one(Side::Old, "o", &case.old), Source::one(Side::New, "n", &case.new));
                let outcome = compare::check(&old, &new, case.dialect, policy);
                serde_json::to_string(&report("sql", policy, &[&sides.0, &sides.1], outcome)).expect("json")
            };
            assert_eq!(text(0), text(1), "{} {}", case.name, policy.name);
        }
    }
}
