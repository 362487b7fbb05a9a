//! GitLab's code quality report: a list of issues, each with a fingerprint of its own and a place.
//!
//! GitLab shows one issue a fingerprint and needs a path, so fingerprints are made unique and what has no place stands at
//! the file that was checked. Tests: `tests/it/check_ci.rs`.

use std::collections::BTreeSet;

use segue_model::check::CheckReport;
use segue_model::finding::Severity;
use serde_json::{Value, json};

use super::{place, pretty, say};
use crate::text::shown;

/// The list.
pub fn gitlab(report: &CheckReport) -> String {
    let mut seen = BTreeSet::new();
    let mut issues: Vec<Value> = Vec::with_capacity(report.findings.len());
    for finding in &report.findings {
        let mut fingerprint = finding.id.clone();
        let mut number = 1;
        while !seen.insert(fingerprint.clone()) {
            number += 1;
            fingerprint = format!("{}-{number}", finding.id);
        }
        let anchor = place::anchor(report, finding);
        let mut text = finding.message.clone();
        let mut lines = json!({"begin": 1});
        // A kind without files is a live database: the list must name some path.
        let mut path = report.kind.clone();
        if let Some(anchor) = anchor {
            if let Some(at) = anchor.at {
                lines = json!({"begin": at.line});
                if let Some(end) = at.end_line.filter(|end| *end > at.line) {
                    lines["end"] = json!(end);
                }
            }
            if let Some(note) = anchor.note {
                text.push_str(&format!(" ({note})"));
            }
            path = anchor.path;
        }
        text.push_str(&format!(" Breaks: {}.", say::breaks(finding)));
        issues.push(json!({
            "description": shown(&text),
            "check_name": shown(&finding.rule),
            "fingerprint": fingerprint,
            "severity": severity(finding.severity),
            "location": {"path": path, "lines": lines},
        }));
    }
    pretty(&issues)
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    }
}
