//! JUnit XML: a case for each table and each check, so that any CI system counts and shows them.

use segue_model::verify::{Verdict, VerifyReport};

use super::{row, say};
use crate::check::junit::{xml, xml_lines};

/// The suite. Different is a failure, undecided an error.
pub fn junit(report: &VerifyReport) -> String {
    let all = || report.tables.iter().map(|table| table.verdict).chain(report.checks.iter().map(|check| check.verdict));
    let count = |wanted: Verdict| all().filter(|verdict| *verdict == wanted).count();
    let counts = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"0\"",
        all().count(),
        count(Verdict::Different),
        count(Verdict::Undecided)
    );
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(&format!("<testsuites name=\"segue verify\" {counts}>\n  <testsuite name=\"segue verify\" {counts}>\n"));
    for table in &report.tables {
        // The first line is what a CI system shows of a case.
        let mut lines: Vec<String> = Some(say::counts(table)).filter(|counts| !counts.is_empty()).into_iter().collect();
        lines.extend(table.undecided.iter().map(|why| format!("undecided: {why}")));
        lines.extend(table.examples.iter().map(|example| format!("{}: {}", row::key(example), row::what(example))));
        lines.extend(table.kept_aside.iter().map(|(key, reason)| format!("kept aside: {}: {reason}", row::pairs(key))));
        lines.extend(table.not_compared.iter().map(|gap| format!("not compared: {}", say::gap(gap))));
        case(&mut out, "table", &say::named(table), table.verdict, table.ms, &lines);
    }
    for check in &report.checks {
        let mut lines = check.evidence.clone();
        lines.extend(check.not_compared.iter().map(|gap| format!("not compared: {gap}")));
        case(&mut out, "check", &check.name, check.verdict, 0, &lines);
    }
    if !report.not_compared.is_empty() {
        let text = xml_lines(&format!("not compared:\n{}", report.not_compared.join("\n")));
        out.push_str(&format!("    <system-out>{text}</system-out>\n"));
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn case(out: &mut String, class: &str, name: &str, verdict: Verdict, ms: u64, lines: &[String]) {
    let time = if ms == 0 { String::new() } else { format!(" time=\"{}.{:03}\"", ms / 1_000, ms % 1_000) };
    out.push_str(&format!("    <testcase classname=\"{class}\" name=\"{}\"{time}>\n", xml(name)));
    let text = xml_lines(&lines.join("\n"));
    let first = xml(lines.first().map_or("", String::as_str));
    match verdict {
        Verdict::Equal => out.push_str(&format!("      <system-out>{text}</system-out>\n")),
        Verdict::Different => out.push_str(&format!("      <failure type=\"different\" message=\"{first}\">{text}</failure>\n")),
        Verdict::Undecided => out.push_str(&format!("      <error type=\"undecided\" message=\"{first}\">{text}</error>\n")),
    }
    out.push_str("    </testcase>\n");
}
