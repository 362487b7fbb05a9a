//! JUnit XML: a suite a check, a case a finding, so that any CI system counts and shows them.
//!
//! A finding at or above the severity that fails the command is a failure; a smaller one is a case that passed and says
//! what it is; a suppressed one is skipped with its reason. Well-formed whatever the names hold. Tests:
//! `tests/it/check_ci.rs`.

use segue_model::check::{CheckFinding, CheckReport};
use segue_model::finding::Severity;

use super::say;
use crate::text::shown;

/// The suites. `fail_on` is the least severity that fails; `None` for never.
pub fn junit(report: &CheckReport, fail_on: Option<Severity>) -> String {
    let fails = |finding: &CheckFinding| fail_on.is_some_and(|least| finding.severity >= least);
    let failures = report.findings.iter().filter(|finding| fails(finding)).count();
    let cases = (report.findings.len() + report.suppressed.len()).max(1);
    let skipped = report.suppressed.len();
    let counts = format!("tests=\"{cases}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"");
    let suite = xml(&format!("segue check {}", report.kind));
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(&format!("<testsuites name=\"segue check\" {counts}>\n  <testsuite name=\"{suite}\" {counts}>\n"));
    out.push_str("    <properties>\n");
    let verdicts = [("verdict", report.verdict), ("deploy", report.deploy), ("rollback", report.rollback)];
    for (name, verdict) in verdicts {
        out.push_str(&format!("      <property name=\"{name}\" value=\"{}\"/>\n", say::verdict(verdict).1));
    }
    out.push_str(&format!("      <property name=\"policy\" value=\"{}\"/>\n    </properties>\n", xml(&report.policy)));
    if report.findings.is_empty() && report.suppressed.is_empty() {
        out.push_str(&format!("    <testcase classname=\"{suite}\" name=\"nothing was found\"/>\n"));
    }
    for finding in &report.findings {
        case(&mut out, finding, fails(finding));
    }
    for one in &report.suppressed {
        head(&mut out, &one.finding);
        out.push_str(&format!(">\n      <skipped message=\"{}\"/>\n    </testcase>\n", xml(&format!("{}: {}", one.by, one.reason))));
    }
    if !report.not_checked.is_empty() {
        out.push_str(&format!("    <system-out>{}</system-out>\n", xml_lines(&format!("not checked:\n{}", report.not_checked.join("\n")))));
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn head(out: &mut String, finding: &CheckFinding) {
    let name = format!("{} [{}]", finding.object, finding.id);
    out.push_str(&format!("    <testcase classname=\"{}\" name=\"{}\"", xml(&finding.rule), xml(&name)));
    if let Some(at) = &finding.at {
        out.push_str(&format!(" file=\"{}\" line=\"{}\"", xml(&at.file), at.line));
    }
}

fn case(out: &mut String, finding: &CheckFinding, fails: bool) {
    head(out, finding);
    out.push_str(">\n");
    let word = say::severity(finding.severity).1;
    let text = xml_lines(&details(finding));
    if fails {
        out.push_str(&format!("      <failure type=\"{word}\" message=\"{}\">{text}</failure>\n", xml(&finding.message)));
    } else {
        out.push_str(&format!("      <system-out>{text}</system-out>\n"));
    }
    out.push_str("    </testcase>\n");
}

fn details(finding: &CheckFinding) -> String {
    let mut lines =
        vec![format!("{}: {}", say::severity(finding.severity).1, finding.message), format!("breaks: {}", say::breaks(finding))];
    if let Some(at) = &finding.at {
        lines.push(format!("at: {}:{}:{} ({})", at.file, at.line, at.column, say::side(at.side)));
    }
    if let Some(witness) = &finding.witness {
        let (value, says) = say::witness(witness);
        lines.push(format!("for example: {value} {says}"));
    }
    if let Some(reach) = &finding.reach {
        lines.push(format!("used by {}", say::reach(reach)));
    }
    for (label, text) in [("why", &finding.why), ("fix", &finding.fix)] {
        if !text.is_empty() {
            lines.push(format!("{label}: {text}"));
        }
    }
    lines.extend(finding.safe_sql.iter().map(|statement| format!("in its place: {statement}")));
    // A line break of a text is shown; those between lines stay.
    lines.iter().map(|line| shown(line)).collect::<Vec<_>>().join("\n")
}

/// A text on one line, in an attribute or between tags.
pub(crate) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in shown(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // XML 1.0 has no such characters, not even written as numbers.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

/// The same of several lines.
pub(crate) fn xml_lines(text: &str) -> String {
    text.split('\n').map(xml).collect::<Vec<_>>().join("\n")
}
