//! The check under the keys of the compatibility checker that comes with requirement document 000, and as its text, so
//! that a pipeline which reads those can read Segue's.
//!
//! A stable subset: keys are never renamed or removed. What Segue does not know is `null` or empty, never made up: an issue
//! has no `old_value`, a script no query that validates it. Tests: `tests/it/check_doc000.rs`.

use segue_model::check::{Breaks, CheckFinding, CheckReport, CheckStep, Side};
use segue_model::finding::Severity;
use serde_json::{Value, json};

use super::say;
use crate::text::shown;

/// Characters of a document that the report begins with.
const BEGINNING: usize = 500;

/// The document. `day` is the day of the check, `2026-11-21`.
pub fn doc000(report: &CheckReport, day: &str) -> Value {
    let issues: Vec<Value> = report.findings.iter().map(issue).collect();
    let of = |class: Class| report.findings.iter().filter(|finding| classed(finding) == class).count();
    let counts = [Class::Breaking, Class::Potentially, Class::Not, Class::Additive].map(of);
    let [breaking, potentially, not, additive] = counts;
    let scripts = scripts(report);
    let mut testing = vec!["integration_testing", "regression_testing"];
    if scripts.iter().any(|script| script["script_type"] == "sql") {
        testing.push("data_migration_testing");
    }
    json!({
        "schema_before": beginning(report, Side::Old),
        "schema_after": beginning(report, Side::New),
        "analysis_date": day,
        "overall_compatibility": overall(report, counts),
        "breaking_changes_count": breaking,
        "potentially_breaking_count": potentially,
        "non_breaking_changes_count": not,
        "additive_changes_count": additive,
        "issues": issues,
        "migration_scripts": scripts,
        "risk_assessment": {
            "overall_risk": if breaking > 0 { "high" } else if potentially > 0 { "medium" } else { "low" },
            "deployment_risk": if breaking > 0 { "requires_coordinated_deployment" } else { "safe_independent_deployment" },
            "rollback_complexity": if breaking > 3 { "high" } else if breaking > 0 { "medium" } else { "low" },
            "testing_requirements": testing,
        },
        "recommendations": recommendations(report),
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Breaking,
    Potentially,
    Not,
    Additive,
}

/// Their four classes: what breaks a deployment, what breaks only the way back or is undecided, what breaks nothing, and
/// of that what only adds.
fn classed(finding: &CheckFinding) -> Class {
    if finding.breaks.contains(&Breaks::Deploy) {
        Class::Breaking
    } else if finding.undecided || !finding.breaks.is_empty() || finding.severity >= Severity::Medium {
        Class::Potentially
    } else if finding.rule.ends_with("-added") {
        Class::Additive
    } else {
        Class::Not
    }
}

fn overall(report: &CheckReport, [breaking, potentially, not, additive]: [usize; 4]) -> &'static str {
    if breaking > 0 {
        "breaking_changes"
    } else if potentially > 0 || report.undecided {
        "potentially_incompatible"
    } else if not + additive > 0 {
        "backward_compatible"
    } else {
        "fully_compatible"
    }
}

/// As their checker, for the two kinds that it has; another kind of document may hold what nobody should print.
fn beginning(report: &CheckReport, side: Side) -> Value {
    if !matches!(report.kind.as_str(), "database" | "api") {
        return Value::Null;
    }
    let Some(source) = report.sources.iter().find(|source| source.side == side) else { return Value::Null };
    let mut chars = source.text.chars();
    let head: String = chars.by_ref().take(BEGINNING).collect();
    Value::from(if chars.next().is_some() { format!("{head}...") } else { head })
}

fn issue(finding: &CheckFinding) -> Value {
    let severity = match classed(finding) {
        Class::Breaking => "breaking",
        Class::Potentially => "potentially_breaking",
        Class::Not | Class::Additive => "non_breaking",
    };
    json!({
        "type": finding.rule,
        "severity": severity,
        "description": finding.message,
        "field_path": finding.object,
        "old_value": null,
        "new_value": null,
        "impact": finding.why,
        "suggested_migration": finding.fix,
        "affected_operations": finding.reach.as_ref().map_or_else(Vec::new, |reach| reach.examples.clone()),
    })
}

/// Steps that have a statement or command, and safe sequences.
fn scripts(report: &CheckReport) -> Vec<Value> {
    let kind = match report.kind.as_str() {
        "database" | "sql" => "sql",
        "config" => "config",
        _ => "api",
    };
    let script = |what: &str, text: String| {
        json!({
            "script_type": kind,
            "description": what,
            "script_content": text,
            "rollback_script": "",
            "dependencies": [],
            "validation_query": "",
        })
    };
    let content = |step: &CheckStep| {
        let change = step.change.as_ref().map(ToString::to_string);
        step.command.clone().or(change)
    };
    let steps = report.steps.iter().filter_map(|step| Some(script(&step.what, content(step)?)));
    let safe = report.findings.iter().filter(|finding| !finding.safe_sql.is_empty());
    steps.chain(safe.map(|finding| script(&finding.message, finding.safe_sql.join("\n")))).collect()
}

/// What the findings ask for, each once, the worst first; then what is always so.
fn recommendations(report: &CheckReport) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for finding in report.findings.iter().filter(|finding| finding.severity >= Severity::Medium && !finding.fix.is_empty()) {
        if !out.contains(&finding.fix) && out.len() < 20 {
            out.push(finding.fix.clone());
        }
    }
    out.extend(say::next(report).map(|next| format!("Next: {next}")));
    if out.is_empty() {
        out.push("Nothing that was compared asks for anything.".to_owned());
    }
    out
}

/// The same as text, from the document.
pub fn doc000_text(document: &Value) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    let (wide, thin) = ("=".repeat(80), "-".repeat(40));
    let text = |value: &Value| shown(value.as_str().unwrap_or_default());
    let issues = document["issues"].as_array().map(Vec::as_slice).unwrap_or_default();
    line(format!("{wide}\nCOMPATIBILITY ANALYSIS REPORT\n{wide}"));
    line(format!("Analysis Date: {}", text(&document["analysis_date"])));
    line(format!("Overall Compatibility: {}\n", text(&document["overall_compatibility"]).to_uppercase()));
    line(String::new());
    line(format!("SUMMARY\n{thin}"));
    for (label, key) in [
        ("Breaking Changes", "breaking_changes_count"),
        ("Potentially Breaking", "potentially_breaking_count"),
        ("Non-Breaking Changes", "non_breaking_changes_count"),
        ("Additive Changes", "additive_changes_count"),
    ] {
        line(format!("{label}: {}", document[key]));
    }
    line(format!("Total Issues Found: {}", issues.len()));
    line(String::new());
    line(format!("RISK ASSESSMENT\n{thin}"));
    for (label, key) in
        [("Overall Risk", "overall_risk"), ("Deployment Risk", "deployment_risk"), ("Rollback Complexity", "rollback_complexity")]
    {
        line(format!("{label}: {}", text(&document["risk_assessment"][key])));
    }
    line(String::new());
    for (title, severity) in
        [("BREAKING ISSUES", "breaking"), ("POTENTIALLY BREAKING ISSUES", "potentially_breaking"), ("NON BREAKING ISSUES", "non_breaking")]
    {
        section(&mut line, title, issues.iter().filter(|issue| issue["severity"] == severity));
    }
    rest(&mut line, document);
    out
}

fn section<'a>(line: &mut impl FnMut(String), title: &str, issues: impl Iterator<Item = &'a Value>) {
    let text = |value: &Value| shown(value.as_str().unwrap_or_default());
    let mut first = true;
    for issue in issues {
        if first {
            line(format!("{title}\n{}", "-".repeat(40)));
            first = false;
        }
        line(format!("• {}", text(&issue["description"])));
        line(format!("  Field: {}", text(&issue["field_path"])));
        line(format!("  Impact: {}", text(&issue["impact"])));
        line(format!("  Migration: {}", text(&issue["suggested_migration"])));
        let uses: Vec<String> = issue["affected_operations"].as_array().into_iter().flatten().map(text).collect();
        if !uses.is_empty() {
            line(format!("  Affected Operations: {}", uses.join(", ")));
        }
        line(String::new());
    }
}

fn rest(line: &mut impl FnMut(String), document: &Value) {
    let text = |value: &Value| shown(value.as_str().unwrap_or_default());
    let scripts = document["migration_scripts"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !scripts.is_empty() {
        line(format!("SUGGESTED MIGRATION SCRIPTS\n{}", "-".repeat(40)));
    }
    for (at, script) in scripts.iter().enumerate() {
        line(format!("{}. {}", at + 1, text(&script["description"])));
        line(format!("   Type: {}", text(&script["script_type"])));
        line("   Script:".to_owned());
        for one in script["script_content"].as_str().unwrap_or_default().lines() {
            line(format!("     {}", shown(one)));
        }
        line(String::new());
    }
    line(format!("RECOMMENDATIONS\n{}", "-".repeat(40)));
    for (at, one) in document["recommendations"].as_array().into_iter().flatten().enumerate() {
        line(format!("{}. {}", at + 1, text(one)));
    }
}
