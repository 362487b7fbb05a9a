//! What a comparison of two sides came to: the document of `segue verify` (`docs/formats.md`).
//!
//! It holds keys where the user lets them be shown, names and counts; a row's other values only where the user asked
//! for them. *Undecided* is never called equal. Tests: `segue-report/tests/it/verify.rs`.

use serde::{Deserialize, Serialize};

/// Whether two sides hold the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They do, as far as was compared.
    Equal,
    /// They do not.
    Different,
    /// Nobody knows: it was not finished, or could not be compared.
    Undecided,
}

impl TableReport {
    /// Rows that differ in one way or another.
    pub fn different(&self) -> u64 {
        self.missing_in_target + self.extra_in_target + self.changed
    }

    /// A table of which nothing was seen yet.
    pub fn empty(source: impl Into<String>, target: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            target: target.into(),
            verdict: Verdict::Undecided,
            engine: String::new(),
            why: String::new(),
            rows: Counts::default(),
            missing_in_target: 0,
            extra_in_target: 0,
            changed: 0,
            moving: 0,
            unconverted: 0,
            rejected: 0,
            kept_aside: Vec::new(),
            examples: Vec::new(),
            not_compared: Vec::new(),
            notes: Vec::new(),
            undecided: None,
            ms: 0,
        }
    }
}

impl VerifyReport {
    /// The report of these tables and checks: its verdict is the worst of theirs.
    pub fn new(engine: impl Into<String>, tables: Vec<TableReport>, checks: Vec<CheckReport>) -> Self {
        let all = tables.iter().map(|table| table.verdict).chain(checks.iter().map(|check| check.verdict));
        Self { verdict: Verdict::worst(all), engine: engine.into(), tables, checks, not_compared: Vec::new(), moments: Vec::new() }
    }

    /// The report of files that were written (`fingerprint`, `scripts`): nothing was compared, which is never *equal*.
    pub fn written(what: impl Into<String>) -> Self {
        let not_compared = vec!["nothing was compared: only files were written".to_owned()];
        Self { verdict: Verdict::Undecided, not_compared, ..Self::new(what, Vec::new(), Vec::new()) }
    }

    /// Only files were written, and nobody asked for a comparison.
    pub fn is_written_only(&self) -> bool {
        self.tables.is_empty() && self.checks.is_empty() && ["fingerprint", "scripts"].contains(&self.engine.as_str())
    }
}

impl Verdict {
    /// Different wins, then undecided.
    pub fn worst(all: impl IntoIterator<Item = Self>) -> Self {
        let rank = |verdict: &Self| match verdict {
            Self::Equal => 0,
            Self::Undecided => 1,
            Self::Different => 2,
        };
        all.into_iter().max_by_key(rank).unwrap_or(Self::Equal)
    }
}

/// In which way a row differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// The source has it, the target does not.
    MissingInTarget,
    /// The target has it, the source does not.
    ExtraInTarget,
    /// Both have it, with other values.
    Changed,
}

/// A value that somebody asked to see. Its kind tells apart what has one text: 1 and `'1'`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenValue {
    /// `integer`, `decimal`, `float`, `text`, `bytes`, `date`, …
    pub kind: String,
    /// Its text, without quotes.
    pub text: String,
}

impl SeenValue {
    /// It stands in quotes: its text may be empty, or look like something else.
    pub fn is_text(&self) -> bool {
        ["text", "JSON text", "text of the engine", "set", "bits"].contains(&self.kind.as_str())
    }
}

/// A column with its value at the source and at the target; `None` is NULL, or no row.
pub type ColumnValues = (String, Option<SeenValue>, Option<SeenValue>);

/// A row that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The key's columns with their values, numbers as numbers and all else as text; empty for a table without a key, and where keys are hidden.
    pub key: Vec<(String, serde_json::Value)>,
    /// A hash of the key, where keys are hidden or there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_hash: Option<String>,
    /// In which way.
    pub kind: DifferenceKind,
    /// The columns whose values differ.
    pub columns: Vec<String>,
    /// Their values at the source and at the target: only where the user asked for values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ColumnValues>,
}

/// What of a table was not compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The column; empty for the table as a whole.
    pub column: String,
    /// Why, in one sentence.
    pub reason: String,
}

/// Counts of both sides. `None`: not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows at the source.
    pub source: Option<u64>,
    /// Rows at the target.
    pub target: Option<u64>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableReport {
    /// Its name at the source.
    pub source: String,
    /// Its name at the target.
    pub target: String,
    /// What it came to.
    pub verdict: Verdict,
    /// How it was compared: `sketch`, `merge`, `pushdown`, `sample`, `forms`; empty where it was not.
    pub engine: String,
    /// Why in that way, in one sentence.
    #[serde(default)]
    pub why: String,
    /// Rows.
    pub rows: Counts,
    /// Rows that only the source has.
    pub missing_in_target: u64,
    /// Rows that only the target has.
    pub extra_in_target: u64,
    /// Rows with other values.
    pub changed: u64,
    /// Rows that went on changing while they were compared: neither equal nor different.
    #[serde(default)]
    pub moving: u64,
    /// Rows of a journey that have no new form yet.
    #[serde(default)]
    pub unconverted: u64,
    /// Rows of a journey that were kept aside.
    #[serde(default)]
    pub rejected: u64,
    /// Some of the rows kept aside: the key, and the reason without any value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept_aside: Vec<(Vec<(String, serde_json::Value)>, String)>,
    /// Some of the rows that differ, by key.
    pub examples: Vec<Example>,
    /// What was not compared.
    pub not_compared: Vec<Gap>,
    /// What somebody should know: a datetime without a zone was read as UTC.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Why it is undecided, in one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undecided: Option<String>,
    /// How long it took, in milliseconds.
    #[serde(default)]
    pub ms: u64,
}

/// A check beside the rows: a count, a query, a catalog, a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// Its name: that of `checks:`, or `counts`, `catalog`, `performance`.
    pub name: String,
    /// What kind: `count`, `query`, `aggregate`, `catalog`, `sequence`, `performance`, `drift`, `api`, `quality`.
    #[serde(default)]
    pub kind: String,
    /// What it came to.
    pub verdict: Verdict,
    /// What was seen, one sentence each. No row's values but sums and counts that the user's own query asks for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// What of it was not compared, one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_compared: Vec<String>,
}

/// The whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyReport {
    /// The worst of all.
    pub verdict: Verdict,
    /// How the rows were compared, or `mixed`.
    pub engine: String,
    /// The tables in the order of their names.
    pub tables: Vec<TableReport>,
    /// The checks in their order.
    pub checks: Vec<CheckReport>,
    /// What of the whole was not compared, one sentence each.
    pub not_compared: Vec<String>,
    /// The moments of the two snapshots, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moments: Vec<String>,
}
