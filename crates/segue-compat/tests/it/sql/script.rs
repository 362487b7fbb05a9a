//! Rules of scripts: a case a file in `tests/cases/sql-script/`, named after the rule.
//!
//! A case has the parts `-- script` (the rule fires), `-- quiet` (it does not) and `-- expect`: one line a finding of the
//! script, sorted. `SEGUE_UPDATE_CASES=1` writes what was found, to be read by a person. All on one schema, `schema.ddl`.

mod mend;

use std::collections::BTreeSet;
use std::path::PathBuf;

use segue_compat::draft::{Outcome, report};
use segue_compat::policy::DEFAULT;
use segue_compat::source::Source;
use segue_compat::sql::script::{self, Options, RULES};
use segue_compat::sql::{Dialect, Facts, Size, postgres};
use segue_model::check::{Breaks, CheckReport, Side, Verdict};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/sql-script")
}

pub(crate) fn facts() -> Facts {
    let read = postgres::catalog(&std::fs::read_to_string(folder().join("schema.ddl")).expect("the schema"));
    assert_eq!(read.not_read, Vec::<String>::new());
    Facts { version: Some(150_000), ..Facts::of(read) }
}

pub(crate) fn lint(text: &str, facts: Option<&Facts>) -> Outcome {
    let source = Source::one(Side::New, "change.sql", text);
    script::lint(&source, Dialect::Postgres, facts, &DEFAULT).expect("a script")
}

fn checked(text: &str, facts: Option<&Facts>) -> CheckReport {
    report("sql", &DEFAULT, &[&Source::one(Side::New, "change.sql", text)], lint(text, facts))
}

fn shown(outcome: &Outcome) -> String {
    let mut lines: Vec<String> = outcome
        .drafts
        .iter()
        .map(|draft| {
            let safe = draft.statement.as_ref().map_or(0, |statement| statement.safe_sql.len());
            let breaks: Vec<&str> = draft.breaks.iter().map(|breaks| if *breaks == Breaks::Deploy { "deploy" } else { "back" }).collect();
            let safe = if safe > 0 { format!(" [{safe} safe]") } else { String::new() };
            format!("{} {:?} {} {}: {}{safe}\n", draft.rule, draft.severity, breaks.first().unwrap_or(&"-"), draft.object, draft.message)
        })
        .collect();
    lines.sort();
    lines.concat()
}

#[test]
fn every_rule_has_a_case_that_fires_and_one_that_does_not() {
    let facts = facts();
    let mut names = BTreeSet::new();
    let mut wrong = Vec::new();
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder()).expect("cases").map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "sql")) {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).expect("a case");
        let (fires, rest) = text.strip_prefix("-- script\n").and_then(|text| text.split_once("-- quiet\n")).expect("a script");
        let (quiet, expect) = rest.split_once("-- expect\n").expect("what is expected");
        let rule = format!("sql-script-{name}");
        let found = lint(fires, Some(&facts));
        let got = shown(&found);
        if std::env::var_os("SEGUE_UPDATE_CASES").is_some() {
            std::fs::write(path, format!("-- script\n{fires}-- quiet\n{quiet}-- expect\n{got}")).expect("written");
        } else if got != expect {
            wrong.push(format!("{name}: expected\n{expect}got\n{got}"));
        }
        if name == "nothing" {
            assert_eq!(got, "", "nothing is nothing");
            continue;
        }
        if !found.drafts.iter().any(|draft| draft.rule == rule) {
            wrong.push(format!("{name}: the rule does not fire:\n{got}"));
        }
        let quietly = lint(quiet, Some(&facts));
        if quietly.drafts.iter().any(|draft| draft.rule == rule) {
            wrong.push(format!("{name}: the quiet script is not quiet:\n{}", shown(&quietly)));
        }
        names.insert(rule);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let rules: BTreeSet<String> = RULES.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(names, rules, "a case for every rule, a rule for every case");
}

#[test]
fn every_rule_is_listed() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/sql/script/rule");
    let files = std::fs::read_dir(folder).expect("rules").filter(|entry| {
        let name = entry.as_ref().expect("a file").file_name().to_string_lossy().into_owned();
        name != "mod.rs" && name != "list.rs"
    });
    assert_eq!(files.count(), RULES.len());
}

#[test]
fn safe_sequences_are_themselves_safe() {
    let facts = facts();
    let mut tried = 0;
    for path in std::fs::read_dir(folder()).expect("cases").map(|entry| entry.expect("a file").path()) {
        if path.extension().is_none_or(|ending| ending != "sql") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a case");
        let fires = text.strip_prefix("-- script\n").and_then(|text| text.split_once("-- quiet\n")).expect("a script").0;
        for draft in lint(fires, Some(&facts)).drafts {
            let Some(statement) = draft.statement.filter(|statement| !statement.safe_sql.is_empty()) else { continue };
            // A sequence that moves a statement out of its transaction stands on what came before.
            if ["sql-script-concurrently-in-transaction", "sql-script-validate-in-transaction"].contains(&draft.rule.as_str()) {
                continue;
            }
            let before = if fires.contains("ADD active") { "" } else { "SET lock_timeout = '2s';\n" };
            let safe = format!("{before}{}", statement.safe_sql.join("\n"));
            let left: Vec<String> = lint(&safe, Some(&facts))
                .drafts
                .into_iter()
                .filter(|left| left.breaks.contains(&Breaks::Deploy))
                .map(|left| format!("{}: {}", left.rule, left.message))
                .collect();
            assert_eq!(left, Vec::<String>::new(), "{}:\n{safe}", path.display());
            tried += 1;
        }
    }
    assert!(tried >= 12, "{tried} sequences");
}

#[test]
fn a_mended_script_keeps_its_comments_and_is_mended_once() {
    let facts = facts();
    let script = "-- why: mail is searched; often\n\\set x 1\nCREATE INDEX users_email ON users (email); -- behind\n/* end */\n";
    let options = Options::default();
    let mended = script::fix(script, Dialect::Postgres, Some(&facts), &options);
    assert_eq!(
        mended,
        "-- why: mail is searched; often\n\\set x 1\nCREATE INDEX CONCURRENTLY users_email ON users (email); -- behind\n/* end */\n"
    );
    assert_eq!(script::fix(&mended, Dialect::Postgres, Some(&facts), &options), mended);
    let quiet = "SELECT 1;\n";
    assert_eq!(script::fix(quiet, Dialect::Postgres, Some(&facts), &options), quiet);
}

#[test]
fn sizes_decide_and_say_where_the_rate_comes_from() {
    let mut facts = facts();
    let text = "SET lock_timeout = '2s';\nALTER TABLE users ALTER COLUMN age TYPE bigint;";
    facts.sizes.insert("public.users".to_owned(), Size { rows: 900_000_000, bytes: 84 * 1024 * 1024 * 1024 });
    let large = lint(text, Some(&facts)).drafts.remove(0);
    assert!(large.message.contains("rewrites 84 GiB, blocks reads and writes for about 11 min (assumed 135 MB/s)"), "{}", large.message);
    facts.sizes.insert("public.users".to_owned(), Size { rows: 12, bytes: 8192 });
    let small = checked(text, Some(&facts));
    assert_eq!((small.verdict, small.findings.len()), (Verdict::Compatible, 1));
    assert!(small.findings[0].message.contains("the table is small"));
    let blind = checked(text, None);
    assert_eq!(blind.verdict, Verdict::Breaking);
    assert!(blind.findings[0].message.contains("without a schema the worst is assumed"), "{}", blind.findings[0].message);
    assert!(blind.not_checked.iter().any(|text| text.contains("no schema was given")));
}

#[test]
fn the_report_places_statements_and_proposes_steps() {
    let report = checked("SET lock_timeout = '2s';\n\n  ALTER TABLE users RENAME COLUMN name TO full_name;\n", Some(&facts()));
    let finding = &report.findings[0];
    let at = finding.at.as_ref().expect("a place");
    assert_eq!((at.line, at.column, finding.statement), (3, 3, Some(1)));
    assert_eq!(finding.locks.as_ref().expect("locks")[0].mode, "AccessExclusiveLock");
    let change = report.steps[0].change.as_ref().expect("Segue's own change");
    assert_eq!(change["rename_column"]["to"], "full_name");
    assert!(serde_json::from_value::<segue_model::change::Change>(change.clone()).is_ok());
}
