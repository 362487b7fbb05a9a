//! Case files: an old and a new schema, and what is found in both directions, without a recompile.
//!
//! A section begins with `=== NAME`; `old`, `new`, `expect` and `back` are there always. A line of `expect` is severity, what
//! breaks, rule, object, the side that takes the witness, and how many operations are reached.

use std::fmt::Write as _;
use std::path::PathBuf;

use segue_compat::draft::report;
use segue_compat::graphql::check;
use segue_compat::policy::{DEFAULT, Policy};
use segue_compat::source::Source;
use segue_model::check::{Breaks, CheckFinding, CheckReport, Side};

/// One case.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) old: String,
    pub(super) new: String,
    pub(super) expect: String,
    pub(super) back: String,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/graphql")
}

fn read(name: &str, text: &str) -> Case {
    let section = |wanted: &str| -> String {
        let mut inside = false;
        let mut found = String::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("=== ") {
                inside = name == wanted;
            } else if inside {
                found.push_str(line);
                found.push('\n');
            }
        }
        found
    };
    Case { name: name.to_owned(), old: section("old"), new: section("new"), expect: section("expect"), back: section("back") }
}

/// All cases, by name.
pub(super) fn all() -> Vec<Case> {
    let mut found: Vec<Case> = std::fs::read_dir(folder())
        .expect("the folder of cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "case"))
        .map(|path| read(&path.file_stem().expect("a name").to_string_lossy(), &std::fs::read_to_string(&path).expect("a text")))
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// Compares two texts with a policy.
pub(super) fn compare_with(old: &str, new: &str, policy: &Policy) -> CheckReport {
    let (old, new) = (Source::one(Side::Old, "old.graphql", old), Source::one(Side::New, "new.graphql", new));
    let outcome = check(&old, &new, policy).unwrap_or_else(|reasons| panic!("refused: {reasons:?}"));
    report("graphql", policy, &[&old, &new], outcome)
}

/// Compares two texts.
pub(super) fn compare(old: &str, new: &str) -> CheckReport {
    compare_with(old, new, &DEFAULT)
}

/// What breaks, in a word each.
pub(super) fn breaks(finding: &CheckFinding) -> String {
    let words: Vec<&str> = finding
        .breaks
        .iter()
        .map(|what| match what {
            Breaks::Deploy => "deploy",
            Breaks::Rollback => "rollback",
            Breaks::Rolling => "rolling",
        })
        .collect();
    if words.is_empty() { "-".to_owned() } else { words.join(",") }
}

/// A report as a case writes it.
pub(super) fn lines(report: &CheckReport) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let severity = format!("{:?}", finding.severity).to_lowercase();
        let witness = finding.witness.as_ref().map_or("-".to_owned(), |witness| format!("{:?}", witness.accepted_by).to_lowercase());
        let reach = finding.reach.as_ref().map_or(0, |reach| reach.count);
        let undecided = if finding.undecided { " undecided" } else { "" };
        let _ =
            writeln!(text, "{severity} {} {} {} witness:{witness} reach:{reach}{undecided}", breaks(finding), finding.rule, finding.object);
    }
    for sentence in &report.not_checked {
        let _ = writeln!(text, "not checked: {sentence}");
    }
    text
}
