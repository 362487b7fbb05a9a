//! Workflow commands of GitHub Actions: an annotation a finding, on its line of the pull request.
//!
//! A text can neither end its command nor begin another: `%`, line ends, `:` and `,` are escaped as the runner reads them.
//! GitHub shows ten of each level for a step; the worst come first. Tests: `tests/it/check_ci.rs`.

use segue_model::check::{CheckFinding, CheckReport};
use segue_model::finding::Severity;

use super::{SHOWN_MAX, place, say};
use crate::text::shown;

/// The commands, a line each.
pub fn github(report: &CheckReport) -> String {
    let mut out = String::new();
    for finding in report.findings.iter().take(SHOWN_MAX) {
        out.push_str(&command(report, finding));
    }
    let left = report.findings.len().saturating_sub(SHOWN_MAX);
    let more = if left > 0 { format!(" {left} findings are not shown here.") } else { String::new() };
    let text = format!("{} {}.{more}", say::answer(report), say::capital(&say::counts(&report.findings)));
    out.push_str(&format!("::notice title={}::{}\n", property(&format!("segue check {}", report.kind)), data(&text)));
    out
}

fn command(report: &CheckReport, finding: &CheckFinding) -> String {
    let level = match finding.severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    };
    let mut properties = Vec::new();
    let mut text = vec![finding.message.clone()];
    if let Some(anchor) = place::anchor(report, finding) {
        properties.push(format!("file={}", property(&anchor.path)));
        if let Some(at) = anchor.at {
            properties.push(format!("line={}", at.line));
            properties.push(format!("col={}", at.column));
            // Columns of both ends are only read on one line.
            match (at.end_line, at.end_column) {
                (Some(line), Some(column)) if line == at.line => properties.push(format!("endColumn={column}")),
                (Some(line), _) => properties.push(format!("endLine={line}")),
                _ => {}
            }
        }
        text.extend(anchor.note);
    }
    properties.push(format!("title={}", property(&format!("{} {}", say::severity(finding.severity).1, finding.rule))));
    text.push(format!("breaks: {}", say::breaks(finding)));
    if let Some(witness) = &finding.witness {
        let (value, says) = say::witness(witness);
        text.push(format!("for example: {value} {says}"));
    }
    if !finding.fix.is_empty() {
        text.push(format!("fix: {}", finding.fix));
    }
    let text = text.iter().map(|line| data(line)).collect::<Vec<_>>().join("%0A");
    format!("::{level} {}::{text}\n", properties.join(","))
}

/// The message of a command. Line ends were made visible before; the escape stays for what is not.
fn data(text: &str) -> String {
    shown(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
