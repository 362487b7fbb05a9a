//! What each statement of a script does to a live table: locks, rewrites, scans, and whether there is a safe way.
//!
//! Only statements with a finding stand here; findings of one statement are one row. Tests: `tests/it/check.rs`.

use std::collections::BTreeMap;

use segue_model::check::{CheckReport, Lock};
use segue_model::finding::Severity;

/// A statement's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its number for people, from 1.
    pub(super) number: usize,
    /// Where it begins, if a file shows it.
    pub(super) line: Option<u32>,
    /// Its locks, sorted.
    pub(super) locks: Vec<Lock>,
    /// It writes a table anew.
    pub(super) rewrites: bool,
    /// It reads a whole table.
    pub(super) scans: bool,
    /// The worst of its findings.
    pub(super) severity: Severity,
    /// Something has a safe sequence.
    pub(super) safe: bool,
}

/// The statements, in the script's order.
pub(super) fn rows(report: &CheckReport) -> Vec<Row> {
    let mut all: BTreeMap<usize, Row> = BTreeMap::new();
    for finding in &report.findings {
        let Some(index) = finding.statement else { continue };
        let row = all.entry(index).or_insert_with(|| Row {
            number: index + 1,
            line: None,
            locks: Vec::new(),
            rewrites: false,
            scans: false,
            severity: Severity::Info,
            safe: false,
        });
        let line = finding.at.as_ref().map(|at| at.line);
        row.line = row.line.into_iter().chain(line).min();
        row.locks.extend(finding.locks.iter().flatten().cloned());
        row.locks.sort();
        row.locks.dedup();
        row.rewrites |= finding.rewrites == Some(true);
        row.scans |= finding.scans == Some(true);
        row.severity = row.severity.max(finding.severity);
        row.safe |= !finding.safe_sql.is_empty();
    }
    all.into_values().collect()
}

/// `yes` or `no`.
pub(super) fn yes(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}
