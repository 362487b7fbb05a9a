//! A finding: one thing that somebody must know, with a stable code, a severity, its object and what to do.

use serde::{Deserialize, Serialize};

/// How much a finding matters. `Critical` stops a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// May cost somebody something.
    Low,
    /// Needs a look before the run.
    Medium,
    /// Breaks somebody unless handled.
    High,
    /// The plan cannot be.
    Critical,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The stable code, `SG-PLAN-012`, with a page under `docs/codes/`.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// What it is about, as a person would name it: ``index `users_lower` on users``.
    pub object: String,
    /// What is so, in one sentence. Never holds a row's value.
    pub message: String,
    /// What to do about it; may be empty for `info`.
    pub fix: String,
}
