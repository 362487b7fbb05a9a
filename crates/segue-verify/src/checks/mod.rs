//! What is compared beside the rows themselves: counts, queries, aggregates, catalogs, counters, speed, answers of an
//! API, controls, rules about data, drift.
//!
//! Each check is one file and gives a [`CheckReport`]: PASS, FAIL or UNDECIDED with what was seen, one sentence each,
//! and what it did not compare. A side that could not answer makes a check undecided, with the code; a side that is
//! gone makes it an error. A check must never say more than it compared: equal counts are not equal rows. It must never
//! show a row's value without being asked to. Tests: beside each part, `tests/it/checks/`, and with real servers
//! `segue-sim/tests/it/checks/`.

pub mod aggregates;
pub mod api;
pub mod catalog;
mod cell;
pub mod counters;
pub mod counts;
mod digits;
pub mod drift;
pub mod metrics;
mod number;
pub mod performance;
pub mod quality;
pub mod queries;
pub mod security;
pub mod way_back;

use segue_engine::{EngineError, ErrorKind};
use segue_model::units::grouped;
use segue_model::verify::{CheckReport, Verdict};

use crate::{Side, VerifyError};

pub use number::Exact;

/// A report under way. Its verdict only ever gets worse.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    report: CheckReport,
    failed: Vec<String>,
    unknown: Vec<String>,
}

impl Draft {
    /// A check that has found nothing yet.
    pub(crate) fn new(name: impl Into<String>, kind: &str) -> Self {
        let report = CheckReport {
            name: name.into(),
            kind: kind.to_owned(),
            verdict: Verdict::Equal,
            evidence: Vec::new(),
            not_compared: Vec::new(),
        };
        Self { report, failed: Vec::new(), unknown: Vec::new() }
    }

    /// Something was seen.
    pub(crate) fn say(&mut self, sentence: impl Into<String>) {
        self.report.evidence.push(sentence.into());
    }

    /// The sides differ.
    pub(crate) fn differs(&mut self, sentence: impl Into<String>) {
        self.failed.push(sentence.into());
    }

    /// Nobody knows.
    pub(crate) fn unknown(&mut self, sentence: impl Into<String>) {
        self.unknown.push(sentence.into());
    }

    /// Something was not compared.
    pub(crate) fn gap(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        if !self.report.not_compared.contains(&sentence) {
            self.report.not_compared.push(sentence);
        }
    }

    /// A side could not answer: undecided, with its words and code. A side that is gone is an error.
    pub(crate) fn unanswered(&mut self, side: Side, what: &str, error: EngineError) -> Result<(), VerifyError> {
        if matches!(error.kind, ErrorKind::Connection | ErrorKind::Credentials) {
            return Err(VerifyError::Side { side, error });
        }
        let prefix = if what.is_empty() { String::new() } else { format!("{what}: ") };
        self.unknown(format!("{prefix}the {} did not answer: {error} [{}]", side_word(side), error.code));
        Ok(())
    }

    /// The report: what differs first, then what is not known, then the rest.
    pub(crate) fn finish(self) -> CheckReport {
        let verdict = if !self.failed.is_empty() {
            Verdict::Different
        } else if !self.unknown.is_empty() {
            Verdict::Undecided
        } else {
            Verdict::Equal
        };
        let evidence = self.failed.into_iter().chain(self.unknown).chain(self.report.evidence).collect();
        CheckReport { verdict, evidence, ..self.report }
    }
}

/// `source`, `target`.
pub(crate) fn side_word(side: Side) -> &'static str {
    match side {
        Side::Source => "source",
        Side::Target => "target",
    }
}

/// `1 row`, `2 rows`.
pub(crate) fn many(count: u64, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {several}", grouped(count)) }
}
