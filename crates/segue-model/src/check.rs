//! What `segue check` found: the document of two contracts, or of a script, compared.
//!
//! A plain value with a fixed order, the same bytes for the same inputs. It may name objects, types and witnesses made by
//! Segue; it never holds a row's value. The JSON keys are those of `formats.md` and are never renamed. Tests: segue-compat,
//! segue-report.

pub mod matrix;
pub mod retire;

use serde::{Deserialize, Serialize};

use crate::finding::Severity;

/// The version of the document's form.
pub const FORMAT_VERSION: u32 = 1;

/// A whole check.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CheckReport {
    /// The version of this form, 1.
    pub format_version: u32,
    /// The version of Segue.
    pub segue: String,
    /// The kind of contract: `openapi`, `graphql`, `proto`, `avro`, `json-schema`, `asyncapi`, `sql`, `database`, `config`,
    /// `python`, `typescript`, `api`.
    pub kind: String,
    /// The worst of what deploying the new side does: the answer to "does it break?".
    pub verdict: Verdict,
    /// Old clients or data against the new side.
    pub deploy: Verdict,
    /// New clients or data against the old side.
    pub rollback: Verdict,
    /// Something beyond the findings could not be decided.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undecided: bool,
    /// The name of the policy by which it was judged.
    pub policy: String,
    /// What was found, the worst first, then by object and rule.
    pub findings: Vec<CheckFinding>,
    /// The migration that the difference needs, in order.
    pub steps: Vec<CheckStep>,
    /// Findings that somebody suppressed, with the reason.
    pub suppressed: Vec<Suppressed>,
    /// What was not read or not compared, one sentence each.
    pub not_checked: Vec<String>,
    /// The texts that places point into, for excerpts. Never part of the document.
    #[serde(skip)]
    pub sources: Vec<SourceText>,
}

/// Compatible or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing that was compared breaks.
    #[default]
    Compatible,
    /// Something could not be decided; never called safe.
    Undecided,
    /// Something breaks.
    Breaking,
}

/// A deployment that a finding breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Breaks {
    /// Deploying the new side: old clients or data against it.
    Deploy,
    /// Going back: new clients or data against the old side.
    Rollback,
    /// Both sides at work at once.
    Rolling,
}

/// Old or new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// What is there now.
    Old,
    /// What is to come.
    New,
}

/// Where a finding stands in a file; lines and columns from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct At {
    /// Which side's file.
    pub side: Side,
    /// The file as it was named.
    pub file: String,
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
    /// The last line, for an excerpt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_line: Option<u32>,
    /// The column behind the last character.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
}

/// One thing that somebody must know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckFinding {
    /// The rule that says so.
    pub rule: String,
    /// A stable fingerprint: rule, object and change, without line numbers.
    pub id: String,
    /// How much it matters.
    pub severity: Severity,
    /// The deployments that it breaks, sorted; empty when it breaks none.
    pub breaks: Vec<Breaks>,
    /// It could not be decided: neither safe nor shown to break.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undecided: bool,
    /// What changed: `components/schemas/Order/properties/currency`.
    pub object: String,
    /// Where it stands, if a file shows it.
    pub at: Option<At>,
    /// What is so, in one sentence.
    pub message: String,
    /// Why it matters.
    pub why: String,
    /// What to do; may be empty for `info`.
    pub fix: String,
    /// Who uses it.
    pub reach: Option<Reach>,
    /// A value that proves it.
    pub witness: Option<Witness>,
    /// In a script: which statement, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<usize>,
    /// In a script: the locks that the statement takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locks: Option<Vec<Lock>>,
    /// In a script: it writes a table anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rewrites: Option<bool>,
    /// In a script: it reads a whole table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scans: Option<bool>,
    /// In a script: the statements to write in its place, in order, if there is a safe sequence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub safe_sql: Vec<String>,
}

/// Who uses what changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// How many operations, tables or messages.
    pub count: usize,
    /// The first three, sorted.
    pub examples: Vec<String>,
}

/// A value that one side takes and the other refuses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Witness {
    /// The side that takes it.
    pub accepted_by: Side,
    /// The value, made by Segue from the two contracts.
    pub value: serde_json::Value,
}

/// A lock that a statement takes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Lock {
    /// The table or index.
    pub object: String,
    /// The mode as the server names it: `AccessExclusiveLock`.
    pub mode: String,
}

/// One step of the migration that a difference needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckStep {
    /// Its name, stable: `deprecate GET /orders`.
    pub id: String,
    /// The phase: `expand`, `shift`, `contract` for schemas; `announce`, `soft`, `hard`, `remove` for APIs.
    pub phase: String,
    /// What to do.
    pub what: String,
    /// Who does it: `run` (Segue, by `segue.yaml`), `command` or `manual`.
    pub by: String,
    /// The change in the words of `segue.yaml`, when Segue has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<serde_json::Value>,
    /// The command or statement, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The finding that asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
}

/// A finding that does not count, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suppressed {
    /// The finding.
    pub finding: CheckFinding,
    /// `segue-ignore.yaml`, the comment in the file, or the baseline.
    pub by: String,
    /// The reason that was given.
    pub reason: String,
    /// Until when, `2027-01-31`.
    pub until: Option<String>,
}

/// A text that findings point into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    /// Which side.
    pub side: Side,
    /// The file as it was named.
    pub file: String,
    /// The whole text.
    pub text: std::sync::Arc<str>,
}
