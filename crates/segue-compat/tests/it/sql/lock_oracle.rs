//! The lock oracle: 104 migrations with what PostgreSQL 15 really locked, wrote anew and read.
//!
//! Two questions. Are a statement's locks, rewrites and scans what the server did? Is a script's verdict that of people who
//! run such migrations? Where what people decided by is not in the SQL, the verdict is what the server measured. Sizes are absent on purpose: a table whose size is not known is judged as a large one.
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use segue_compat::policy::DEFAULT;
use segue_compat::source::Source;
use segue_compat::sql::script::{self, Options};
use segue_compat::sql::{Dialect, Facts, postgres};
use segue_model::check::{Breaks, Side};
use serde_json::Value;

fn data() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/lock-oracle");
    path.is_dir().then_some(path)
}

/// Verdicts that do not follow from the SQL, with the reason: there the server's measurement is the truth.
fn decided_elsewhere(case: &Value) -> Option<&'static str> {
    let class = case["klass"].as_str().unwrap_or_default();
    let condition = case["cond"].as_str().unwrap_or_default();
    if condition.contains("algorithm_option?") || condition.contains("lock_option?") {
        return Some("MySQL's ALGORITHM and LOCK options, which the PostgreSQL text does not have");
    }
    if condition.starts_with("skip #") {
        return Some("a version of PostgreSQL with a corrupting bug, skipped by its authors");
    }
    match class {
        "AddIndexSafetyAssured" | "AddIndexSchema" => Some("the author vouched for it outside the SQL (safety_assured, schema load)"),
        "ChangeColumnDefault" | "ChangeColumnDefaultHash" => Some("depends on a setting of Rails: the same SQL has both verdicts"),
        "Custom" => Some("a check that the test itself defines"),
        "ChangeColumnTimestamptzDecreaseLimit" => Some("the precision was lost when the SQL was taken down: the server did nothing"),
        "ChangeColumnOtherConstraints" => Some("the author vouched for its first statements outside the SQL (safety_assured)"),
        _ => None,
    }
}

/// What the server did, without anybody's opinion: a statement that reads or writes the whole of a table while others wait for
/// it to write is unsafe. Beside others (`CONCURRENTLY`) nobody waits; what the server refused did nothing.
fn measured_unsafe(case: &Value) -> bool {
    case["oracle"].as_array().expect("measurements").iter().any(|seen| {
        let worked: BTreeSet<String> = strings(&seen["scan"]).union(&strings(&seen["rewrite"])).cloned().collect();
        let blocks = |table: &String| strings(&seen["locks"][table]).iter().any(|mode| rank(mode) >= rank("ShareLock"));
        seen["conc"] != Value::Bool(true) && worked.iter().any(blocks)
    })
}

fn options(case: &Value) -> Options {
    let class = case["klass"].as_str().unwrap_or_default();
    let test = case["test"].as_str().unwrap_or_default();
    // Whether the framework wraps a migration is no part of its SQL; the cases about it say so in their names.
    Options { one_transaction: class.contains("SameTransaction"), utc: Some(!test.contains("non_utc")), ..Options::default() }
}

fn facts(base: &str) -> Facts {
    let read = postgres::catalog(base);
    assert!(read.not_read.iter().all(|text| !text.contains("TABLE")), "{:?}", read.not_read);
    Facts { version: Some(150_000), ..Facts::of(read) }
}

fn strings(value: &Value) -> BTreeSet<String> {
    value.as_array().map(|list| list.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()).unwrap_or_default()
}

#[derive(Debug, Default)]
struct Score {
    right: usize,
    all: usize,
    wrong: Vec<String>,
}

impl Score {
    fn count(&mut self, right: bool, what: impl FnOnce() -> String) {
        self.all += 1;
        if right { self.right += 1 } else { self.wrong.push(what()) }
    }

    fn share(&self) -> f64 {
        self.right as f64 / self.all.max(1) as f64
    }
}

#[test]
fn locks_rewrites_and_scans_are_those_of_the_server() {
    let Some(data) = data() else { return };
    let facts = facts(&std::fs::read_to_string(data.join("base.sql")).expect("base tables"));
    let (mut strongest, mut modes, mut rewrites, mut scans) = (Score::default(), Score::default(), Score::default(), Score::default());
    for line in std::fs::read_to_string(data.join("strong_migrations.jsonl")).expect("cases").lines() {
        let case: Value = serde_json::from_str(line).expect("a case");
        let statements: Vec<&str> = case["sql"].as_array().expect("statements").iter().filter_map(Value::as_str).collect();
        let text = statements.join(";\n");
        // The oracle ran each statement in a transaction of its own.
        let all =
            script::effects(&Source::one(Side::New, "case.sql", &text), Some(&facts), &Options { utc: Some(true), ..Options::default() });
        assert_eq!(all.len(), statements.len(), "{text}");
        for (effects, seen) in all.iter().zip(case["oracle"].as_array().expect("measurements")) {
            // CONCURRENTLY cannot be watched from inside, and a refused statement has no locks.
            if seen["conc"] == Value::Bool(true) || seen.get("error").is_some() {
                continue;
            }
            let mut here: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for lock in &effects.locks {
                here.entry(lock.object.clone()).or_default().insert(lock.mode.clone());
            }
            let there: BTreeMap<String, BTreeSet<String>> = seen["locks"]
                .as_object()
                .map(|map| map.iter().map(|(table, modes)| (table.clone(), strings(modes))).collect())
                .unwrap_or_default();
            // A table that is not there has no lock; ours is lenient about such tables.
            here.retain(|table, _| there.contains_key(table) || facts.catalog.tables.iter().any(|known| known.name.name == *table));
            let top = |locks: &BTreeMap<String, BTreeSet<String>>| -> BTreeMap<String, usize> {
                locks.iter().map(|(table, modes)| (table.clone(), modes.iter().map(|mode| rank(mode)).max().unwrap_or(0))).collect()
            };
            let say = |what: &str, seen: String| {
                format!("{what}: {}\n  ours {effects:?}\n  seen {seen}", &text[effects.span.start as usize..effects.span.end as usize])
            };
            strongest.count(top(&here) == top(&there), || say("strongest", format!("{there:?}")));
            modes.count(here == there, || say("modes", format!("{there:?}")));
            let set = |list: &[String]| list.iter().cloned().collect::<BTreeSet<String>>();
            rewrites.count(set(&effects.rewrites) == strings(&seen["rewrite"]), || say("rewrite", seen["rewrite"].to_string()));
            scans.count(set(&effects.scans) == strings(&seen["scan"]), || say("scan", seen["scan"].to_string()));
        }
    }
    let report = |score: &Score| format!("{}/{} {:.3}\n{}", score.right, score.all, score.share(), score.wrong.join("\n"));
    for (name, score) in [("strongest lock", &strongest), ("all modes", &modes), ("rewrites", &rewrites), ("scans", &scans)] {
        println!("{name}: {}", report(score));
        assert!(score.all > 100 && score.share() >= 0.95, "{name}: {}", report(score));
    }
}

fn rank(mode: &str) -> usize {
    let order = [
        "AccessShareLock",
        "RowShareLock",
        "RowExclusiveLock",
        "ShareUpdateExclusiveLock",
        "ShareLock",
        "ShareRowExclusiveLock",
        "ExclusiveLock",
    ];
    order.iter().position(|known| *known == mode).unwrap_or(order.len())
}

#[test]
fn verdicts_are_those_of_people_who_run_such_migrations() {
    let Some(data) = data() else { return };
    let facts = facts(&std::fs::read_to_string(data.join("base.sql")).expect("base tables"));
    let mut counts: BTreeMap<(&str, bool, bool), usize> = BTreeMap::new();
    let mut others = BTreeSet::new();
    let mut wrong = Vec::new();
    for line in std::fs::read_to_string(data.join("strong_migrations.jsonl")).expect("cases").lines() {
        let case: Value = serde_json::from_str(line).expect("a case");
        let statements: Vec<&str> = case["sql"].as_array().expect("statements").iter().filter_map(Value::as_str).collect();
        let source = Source::one(Side::New, "case.sql", &statements.join(";\n"));
        let outcome = script::lint_with(&source, Dialect::Postgres, Some(&facts), &DEFAULT, &options(&case)).expect("a script");
        let ours = outcome.drafts.iter().any(|draft| draft.breaks.contains(&Breaks::Deploy));
        let people = case["verdict"] == "unsafe";
        let elsewhere = decided_elsewhere(&case);
        let (which, theirs) = if elsewhere.is_some() { ("measured", measured_unsafe(&case)) } else { ("decidable", people) };
        *counts.entry(("people", ours, people)).or_default() += 1;
        for which in [which, "data"] {
            *counts.entry((which, ours, theirs)).or_default() += 1;
        }
        if ours != people {
            let word = |is_unsafe: bool| if is_unsafe { "unsafe" } else { "safe" };
            others.insert(format!("{} {} {}", case["klass"].as_str().expect("a name"), word(people), word(ours)));
        }
        if ours != theirs {
            let found: Vec<&str> =
                outcome.drafts.iter().filter(|draft| draft.breaks.contains(&Breaks::Deploy)).map(|draft| draft.message.as_str()).collect();
            wrong.push(format!(
                "{which} {} {}: theirs {theirs}, ours {found:?}\n  {}",
                case["klass"],
                case["test"],
                statements.join(";\n  ")
            ));
        }
    }
    assert_eq!(others, listed(), "docs/lock-oracle.md lists each case in which people and Segue disagree, and why");
    for which in ["people", "decidable", "measured", "data"] {
        let of = |ours, theirs| *counts.get(&(which, ours, theirs)).unwrap_or(&0) as f64;
        let (precision, recall) =
            (of(true, true) / (of(true, true) + of(true, false)), of(true, true) / (of(true, true) + of(false, true)));
        println!(
            "{which}: precision {precision:.3}, recall {recall:.3}, {} cases",
            of(true, true) + of(true, false) + of(false, true) + of(false, false)
        );
        if which != "people" {
            assert!(precision >= 0.95 && recall >= 0.95, "precision {precision:.3}, recall {recall:.3}\n{}", wrong.join("\n"));
        }
    }
}

/// The rows of the page: case, what people say, what Segue says; each with a reason.
fn listed() -> BTreeSet<String> {
    let page = std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/lock-oracle.md")).expect("the page");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_end_matches(" |").split(" | ").collect();
        let [case, people, ours, why] = cells.as_slice() else { panic!("{row}") };
        assert!(why.len() > 10, "a reason: {row}");
        format!("{} {people} {ours}", case.trim_end_matches('`'))
    })
    .collect()
}
