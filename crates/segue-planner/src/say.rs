//! Findings of the planner: one constructor for each kind, so that a code has one meaning and one place.
//!
//! A message never holds a row's value. Tests: `tests/it/resolve.rs`; `docs/codes/` has a page for each code.

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
