//! SARIF 2.1.0, as code scanning reads it: one run, a rule's card for each rule that found something, places with
//! regions in code points, stable fingerprints, suppressions, and a fix where a statement has a safe sequence.
//!
//! Order and bytes depend on the report alone: no time, no id of a run, no address. Tests: `tests/it/check_sarif.rs`.

use std::collections::BTreeMap;

use segue_model::check::{At, CheckFinding, CheckReport, SourceText, Suppressed};
use segue_model::finding::Severity;
use serde_json::{Map, Value, json};

use super::place::{self, Anchor};
use super::{pretty, say};
use crate::text::shown;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The root of paths, as code scanning calls the repository.
const ROOT: &str = "%SRCROOT%";

/// The log.
pub fn sarif(report: &CheckReport) -> String {
    let everything = || report.findings.iter().chain(report.suppressed.iter().map(|one| &one.finding));
    let mut rules: BTreeMap<&str, &CheckFinding> = BTreeMap::new();
    for finding in everything() {
        rules.entry(&finding.rule).or_insert(finding);
    }
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(at, rule)| (*rule, at)).collect();
    let mut results: Vec<Value> = report.findings.iter().map(|finding| result(report, finding, &index, None)).collect();
    results.extend(report.suppressed.iter().map(|one| result(report, &one.finding, &index, Some(one))));
    let notes: Vec<Value> = report.not_checked.iter().map(|gap| json!({"level": "note", "message": message(gap)})).collect();
    pretty(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "segue",
                "semanticVersion": report.segue,
                "rules": rules.values().map(|finding| rule(finding)).collect::<Vec<_>>(),
            }},
            "automationDetails": {"id": format!("segue-check/{}/", report.kind)},
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": notes}],
            "results": results,
            "properties": {
                "verdict": report.verdict,
                "deploy": report.deploy,
                "rollback": report.rollback,
                "policy": report.policy,
            },
        }],
    }))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// A plain text message. What SARIF would read as a link or a placeholder is taken apart.
fn message(text: &str) -> Value {
    let mut out = String::with_capacity(text.len());
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        out.push_str(&shown(line));
    }
    let mut text = out.replace("](", "] (");
    for digit in 0..10 {
        text = text.replace(&format!("{{{digit}"), &format!("{{ {digit}"));
    }
    json!({ "text": text })
}

fn rule(finding: &CheckFinding) -> Value {
    let title = shown(&finding.rule).replace('-', " ");
    let mut out = json!({
        "id": shown(&finding.rule),
        "shortDescription": message(&title),
        "defaultConfiguration": {"level": level(finding.severity)},
        "properties": {"tags": ["compatibility"]},
    });
    if !finding.why.is_empty() {
        out["fullDescription"] = message(&finding.why);
    }
    if !finding.fix.is_empty() {
        out["help"] = message(&finding.fix);
    }
    out
}

fn result(report: &CheckReport, finding: &CheckFinding, rules: &BTreeMap<&str, usize>, suppressed: Option<&Suppressed>) -> Value {
    let anchor = place::anchor(report, finding);
    let mut text = finding.message.clone();
    if let Some(note) = anchor.as_ref().and_then(|anchor| anchor.note.as_ref()) {
        text.push_str(&format!(" ({note})"));
    }
    if let Some(witness) = &finding.witness {
        let (value, says) = say::witness(witness);
        text.push_str(&format!("\nFor example: {value} {says}."));
    }
    if !finding.fix.is_empty() {
        text.push_str(&format!("\nWhat to do: {}", finding.fix));
    }
    let mut out = json!({
        "ruleId": shown(&finding.rule),
        "ruleIndex": rules.get(finding.rule.as_str()),
        "level": level(finding.severity),
        "message": message(&text),
        "locations": [location(finding, anchor.as_ref())],
        "partialFingerprints": {"segueFinding/v1": finding.id},
        "properties": properties(finding),
    });
    if let Some(one) = suppressed {
        let kind = if one.by.starts_with("a comment in ") { "inSource" } else { "external" };
        let until = one.until.as_ref().map_or_else(String::new, |until| format!(" (until {until})"));
        let why = format!("{}{until}, by {}", one.reason, one.by);
        out["suppressions"] = json!([{"kind": kind, "status": "accepted", "justification": shown(&why)}]);
    }
    if let Some(fix) = anchor.as_ref().and_then(|anchor| fix(report, finding, anchor)) {
        out["fixes"] = json!([fix]);
    }
    out
}

fn properties(finding: &CheckFinding) -> Value {
    let mut out = Map::new();
    out.insert("severity".to_owned(), json!(finding.severity));
    out.insert("breaks".to_owned(), json!(finding.breaks));
    if finding.undecided {
        out.insert("undecided".to_owned(), json!(true));
    }
    if let Some(reach) = &finding.reach {
        out.insert("reach".to_owned(), json!(reach));
    }
    if let Some(locks) = &finding.locks {
        out.insert("locks".to_owned(), json!(locks));
    }
    for (name, value) in [("rewrites", finding.rewrites), ("scans", finding.scans)] {
        out.extend(value.map(|value| (name.to_owned(), json!(value))));
    }
    Value::Object(out)
}

fn location(finding: &CheckFinding, anchor: Option<&Anchor<'_>>) -> Value {
    let mut out = json!({"logicalLocations": [{"fullyQualifiedName": shown(&finding.object)}]});
    if let Some(anchor) = anchor {
        let mut place = json!({ "artifactLocation": artifact(&anchor.path) });
        if let Some(at) = anchor.at {
            place["region"] = region(at);
        }
        out["physicalLocation"] = place;
    }
    out
}

fn region(at: &At) -> Value {
    let mut out = json!({"startLine": at.line.max(1), "startColumn": at.column.max(1)});
    if let (Some(line), Some(column)) = (at.end_line, at.end_column) {
        out["endLine"] = json!(line.max(at.line));
        out["endColumn"] = json!(column.max(1));
    }
    out
}

fn artifact(path: &str) -> Value {
    if path.starts_with('/') {
        return json!({"uri": format!("file://{}", encoded(path))});
    }
    json!({"uri": encoded(path), "uriBaseId": ROOT})
}

/// A path as a relative reference (RFC 3986): what is not unreserved is percent-encoded.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The safe sequence in the statement's place, where the region is a whole statement.
fn fix(report: &CheckReport, finding: &CheckFinding, anchor: &Anchor<'_>) -> Option<Value> {
    let at = anchor.at.filter(|_| !finding.safe_sql.is_empty())?;
    let source = report.sources.iter().find(|source| source.side == at.side && source.file == at.file)?;
    let ended = whole_statement(source, at)?;
    let mut text = finding.safe_sql.iter().map(|one| one.trim_end().trim_end_matches(';')).collect::<Vec<_>>().join(";\n");
    if ended {
        text.push(';');
    }
    Some(json!({
        "description": {"text": "the safe sequence in its place"},
        "artifactChanges": [{
            "artifactLocation": artifact(&anchor.path),
            "replacements": [{"deletedRegion": region(at), "insertedContent": {"text": text}}],
        }],
    }))
}

/// Does the region hold one whole statement, and does it have its semicolon? Anything else is not for a tool to replace.
fn whole_statement(source: &SourceText, at: &At) -> Option<bool> {
    let start = offset(&source.text, at.line, at.column)?;
    let end = offset(&source.text, at.end_line?, at.end_column?)?;
    let (before, inside, after) = (source.text.get(..start)?, source.text.get(start..end)?.trim(), source.text.get(end..)?);
    let begins = before.trim_end().is_empty() || before.trim_end().ends_with(';');
    let ended = inside.ends_with(';');
    let ends = ended || after.trim_start().is_empty() || after.trim_start().starts_with(';');
    (begins && ends && !inside.is_empty()).then_some(ended)
}

fn offset(text: &str, line: u32, column: u32) -> Option<usize> {
    let start: usize = text.split_inclusive('\n').take(usize::try_from(line).ok()?.checked_sub(1)?).map(str::len).sum();
    let rest = text.get(start..)?;
    let chars = usize::try_from(column).ok()?.checked_sub(1)?;
    Some(start + rest.char_indices().nth(chars).map_or(rest.len(), |(at, _)| at))
}
