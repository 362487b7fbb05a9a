//! N versions of a contract: which works with which, and whether the version numbers say so.
//!
//! Each pair is compared once and answers both directions. The verdict follows from the pairs that the policy asks about:
//! neighbours, or every earlier one for a transitive policy. Compares nothing itself: the caller does. Tests:
//! `tests/it/matrix.rs`.

pub mod rule;
mod semver;

use segue_model::check::matrix::{Matrix, Pair, Version};
use segue_model::check::{Breaks, CheckFinding, CheckReport, FORMAT_VERSION, Reach, Verdict};
use segue_model::finding::Severity;

use crate::doc::Doc;
use crate::draft;
use crate::policy::{Asks, Policy};
use crate::rule::Rule;
use crate::source::File;
use rule::breaking_without_major;
use semver::Semver;

/// The rules over several versions.
pub static RULES: &[&Rule] = &[&breaking_without_major::RULE];

/// The most versions: their pairs grow with the square.
pub const VERSIONS_MAX: usize = 64;

/// How many findings a pair tells.
const EXAMPLES: usize = 3;

/// Why there is no matrix: the number of versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(pub usize);

impl Count {
    /// Its code.
    pub const CODE: &'static str = "SG-CHK-074";
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a matrix takes 2 to {VERSIONS_MAX} versions of a contract, and there are {}", self.0)
    }
}

/// A matrix needs at least two versions, and at most [`VERSIONS_MAX`].
pub fn fitting(count: usize) -> Result<(), Count> {
    if (2..=VERSIONS_MAX).contains(&count) { Ok(()) } else { Err(Count(count)) }
}

/// Compares every pair by `compare(old, new)`, positions in `versions`, which come the earliest first.
pub fn build<E>(
    versions: &[Version],
    policy: &Policy,
    mut compare: impl FnMut(usize, usize) -> Result<CheckReport, E>,
) -> Result<Matrix, E> {
    let mut matrix = Matrix {
        format_version: FORMAT_VERSION,
        segue: env!("CARGO_PKG_VERSION").to_owned(),
        kind: String::new(),
        policy: policy.name.to_owned(),
        verdict: Verdict::Compatible,
        versions: versions.to_vec(),
        pairs: Vec::new(),
        findings: Vec::new(),
        not_checked: Vec::new(),
    };
    for new in 1..versions.len() {
        for old in 0..new {
            let report = compare(old, new)?;
            if matrix.kind.is_empty() {
                matrix.kind.clone_from(&report.kind);
            }
            matrix.not_checked.extend(report.not_checked.iter().cloned());
            matrix.pairs.push(pair(&report, old, new, policy));
        }
    }
    matrix.pairs.sort_by_key(|pair| (pair.old, pair.new));
    matrix.verdict = matrix.pairs.iter().filter(|pair| pair.asked).map(|pair| asked(policy, pair)).max().unwrap_or_default();
    numbers(&mut matrix, policy);
    matrix.not_checked.sort();
    matrix.not_checked.dedup();
    draft::order(&mut matrix.findings);
    Ok(matrix)
}

fn asked(policy: &Policy, pair: &Pair) -> Verdict {
    match policy.asks {
        Asks::Deploy => pair.deploy,
        Asks::Rollback => pair.rollback,
        Asks::Both => pair.deploy.max(pair.rollback),
    }
}

fn pair(report: &CheckReport, old: usize, new: usize, policy: &Policy) -> Pair {
    let breaks = |what: Breaks| report.findings.iter().filter(|finding| finding.breaks.contains(&what)).count();
    let worst = report.findings.iter().filter(|finding| finding.undecided || !finding.breaks.is_empty());
    Pair {
        old,
        new,
        deploy: report.deploy,
        rollback: report.rollback,
        breaking: breaks(Breaks::Deploy),
        breaking_back: breaks(Breaks::Rollback),
        asked: policy.transitive || new == old + 1,
        examples: worst.take(EXAMPLES).map(|finding| finding.message.clone()).collect(),
    }
}

/// Breaking changes that the version numbers do not admit: between neighbours, and for a transitive policy between any
/// two versions of which no step between them was told already.
fn numbers(matrix: &mut Matrix, policy: &Policy) {
    let declared: Vec<Option<Semver>> = matrix.versions.iter().map(|version| version.declared.as_deref().and_then(Semver::read)).collect();
    for (version, number) in matrix.versions.iter().zip(&declared) {
        if number.is_none() {
            let what = if version.declared.is_some() { "its version is no semantic version" } else { "it states no version" };
            matrix.not_checked.push(format!("{}: {what}, so nobody can tell what it admits", version.name));
        }
    }
    let mut told: Vec<(usize, usize)> = Vec::new();
    let mut pairs: Vec<&Pair> = matrix.pairs.iter().collect();
    pairs.sort_by_key(|pair| (pair.new - pair.old, pair.old));
    for pair in pairs {
        let near = pair.new == pair.old + 1;
        let within = told.iter().any(|(old, new)| pair.old <= *old && *new <= pair.new);
        if pair.deploy != Verdict::Breaking || !(near || policy.transitive && !within) {
            continue;
        }
        let (Some(Some(old)), Some(Some(new))) = (declared.get(pair.old), declared.get(pair.new)) else { continue };
        if let Some(needed) = old.hides(new) {
            told.push((pair.old, pair.new));
            matrix.findings.push(finding(&matrix.versions, pair, &needed));
        }
    }
}

fn finding(versions: &[Version], pair: &Pair, needed: &str) -> CheckFinding {
    let rule = &breaking_without_major::RULE;
    let name = |at: usize| versions.get(at).map_or("", |version| version.name.as_str());
    let number = |at: usize| versions.get(at).and_then(|version| version.declared.as_deref()).unwrap_or_default();
    let object = format!("{} -> {}", name(pair.old), name(pair.new));
    let changes = if pair.breaking == 1 { "1 change that breaks".to_owned() } else { format!("{} changes that break", pair.breaking) };
    CheckFinding {
        id: draft::fingerprint(rule.id, &object, &format!("{} -> {}", number(pair.old), number(pair.new))),
        rule: rule.id.to_owned(),
        severity: Severity::High,
        breaks: vec![Breaks::Deploy],
        undecided: false,
        object,
        at: None,
        message: format!("{} -> {} has {changes} clients, and such a change needs version {needed}", number(pair.old), number(pair.new)),
        why: rule.why.to_owned(),
        fix: rule.fix.to_owned(),
        reach: Some(Reach { count: pair.breaking, examples: pair.examples.clone() }),
        witness: None,
        statement: None,
        locks: None,
        rewrites: None,
        scans: None,
        safe_sql: Vec::new(),
    }
}

/// The version that a document says of itself: `info.version` of OpenAPI and AsyncAPI, `schema_version` of a schema JSON.
pub fn declared(file: &File) -> Option<String> {
    let doc = Doc::read(file.as_text().ok()?).ok()?;
    let root = doc.root();
    let at = root.get("info").and_then(|info| info.get("version")).or_else(|| root.get("schema_version"))?;
    // `version: 1.0` is a number to YAML, and its text is what the author wrote.
    at.text().or_else(|| at.number()).map(str::to_owned)
}
