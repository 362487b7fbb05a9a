//! Findings of the planner: one constructor for each kind, so that a code has one meaning and one place.
//!
//! A message never holds a row's value. Tests: `tests/it/resolve.rs`; `docs/codes/` has a page for each code.

use segue_model::assessment::Verdict;
use segue_model::finding::{Finding, Severity};

/// A finding of the planner. `number` is the one in `SG-PLAN-NNN`.
pub(crate) fn finding(
    number: u16,
    severity: Severity,
    object: impl Into<String>,
    message: impl Into<String>,
    fix: impl Into<String>,
) -> Finding {
    Finding { code: format!("SG-PLAN-{number:03}"), severity, object: object.into(), message: message.into(), fix: fix.into() }
}

/// A finding that stops the plan.
pub(crate) fn refuse(number: u16, object: impl Into<String>, message: impl Into<String>, fix: impl Into<String>) -> Finding {
    finding(number, Severity::Critical, object, message, fix)
}

/// Worst first, then by code and object; each finding once.
pub(crate) fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| (b.severity, &a.code, &a.object, &a.message).cmp(&(a.severity, &b.code, &b.object, &b.message)));
    findings.dedup();
    findings
}

/// A verdict as people read it.
pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Auto => "auto",
        Verdict::AutoWithWarning => "auto-with-warning",
        Verdict::Manual => "manual",
        Verdict::Blocked => "blocked",
    }
}
