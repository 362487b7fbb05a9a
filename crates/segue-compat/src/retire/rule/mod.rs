//! Rules about retirements: never without an alternative, never without a period. Tests: `tests/it/retire.rs`.

use segue_model::check::CheckFinding;
use segue_model::finding::Severity;

use crate::draft;
use crate::rule::Rule;

pub mod without_alternative;
pub mod without_period;

fn finding(rule: &Rule, severity: Severity, object: &str, message: String) -> CheckFinding {
    CheckFinding {
        id: draft::fingerprint(rule.id, object, ""),
        rule: rule.id.to_owned(),
        severity,
        breaks: Vec::new(),
        undecided: false,
        object: object.to_owned(),
        at: None,
        message,
        why: rule.why.to_owned(),
        fix: rule.fix.to_owned(),
        reach: None,
        witness: None,
        statement: None,
        locks: None,
        rewrites: None,
        scans: None,
        safe_sql: Vec::new(),
    }
}
