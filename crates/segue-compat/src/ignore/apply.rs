//! Takes suppressed findings aside and judges what is left.
//!
//! The first that matches suppresses: the file's entry, then a mark, then the baseline. Tests: `tests/it/ignore.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::check::{At, CheckFinding, CheckReport, Side, SourceText, Suppressed};
use segue_model::finding::Severity;
use segue_model::glob::fits;

use super::mark::{self, Mark};
use super::rule::{expired, unused, without_reason};
use super::{Entry, Ignore};
use crate::draft;
use crate::policy::{Asks, DEFAULT, Policy};
use crate::rule::Rule;
use crate::source::{Place, Source};

/// Findings about marks, at most.
const TOLD_MAX: usize = 200;

/// The most ids of resolved findings that a sentence names.
const NAMED_MAX: usize = 10;

/// The report without what is suppressed on the day `today` (`2026-11-21`), with a finding for each suppression that has
/// ended, matches nothing or cannot be read. An entry holds up to and including its day.
pub fn apply(report: CheckReport, rules: &Ignore, baseline: Option<&CheckReport>, today: &str) -> CheckReport {
    let marks = mark::marks(&report.sources);
    let mut judge = Judge {
        rules,
        held: marks_by_line(&marks),
        marks: &marks,
        baseline: baseline.map(|report| report.findings.iter().map(|finding| finding.id.as_str()).collect()),
        today,
        entries_used: vec![false; rules.entries.len()],
        marks_used: vec![false; marks.len()],
        findings: Vec::new(),
        suppressed: Vec::new(),
        left: 0,
    };
    let mut report = report;
    let ids: BTreeSet<String> =
        report.findings.iter().chain(report.suppressed.iter().map(|one| &one.finding)).map(|finding| finding.id.clone()).collect();
    for finding in std::mem::take(&mut report.findings) {
        judge.one(finding);
    }
    judge.about_itself();
    let Judge { findings, suppressed, left, .. } = judge;
    if left > 0 {
        report.not_checked.push(format!("whether {left} more marks in the files still suppress something"));
    }
    if marks.len() >= mark::MARKS_MAX {
        report.not_checked.push(format!("marks in the files behind the first {}: none of them suppresses anything", mark::MARKS_MAX));
    }
    report.not_checked.sort();
    report.findings = findings;
    report.suppressed.extend(suppressed);
    if !rules.file.is_empty() {
        report.sources.push(SourceText { side: Side::New, file: rules.file.clone(), text: rules.text.as_str().into() });
    }
    if let Some(baseline) = baseline {
        report.not_checked.extend(resolved(baseline, &ids));
        report.not_checked.sort();
    }
    draft::order(&mut report.findings);
    again(&mut report);
    report
}

/// The verdicts of what is left.
fn again(report: &mut CheckReport) {
    (report.deploy, report.rollback) = draft::verdicts(&report.findings, report.undecided);
    report.verdict = match Policy::named(&report.policy).unwrap_or(&DEFAULT).asks {
        Asks::Deploy => report.deploy,
        Asks::Rollback => report.rollback,
        Asks::Both => report.deploy.max(report.rollback),
    };
}

fn marks_by_line(marks: &[Mark]) -> BTreeMap<(Side, &str, u32), Vec<usize>> {
    let mut held: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, mark) in marks.iter().enumerate() {
        for line in &mark.holds {
            held.entry((mark.side, mark.file.as_str(), *line)).or_default().push(at);
        }
    }
    held
}

/// What the baseline had and this report has not, as a sentence.
fn resolved(baseline: &CheckReport, ids: &BTreeSet<String>) -> Option<String> {
    let gone: BTreeSet<&str> = baseline.findings.iter().map(|finding| finding.id.as_str()).filter(|id| !ids.contains(*id)).collect();
    if gone.is_empty() {
        return None;
    }
    let named: Vec<&str> = gone.iter().take(NAMED_MAX).copied().collect();
    let more = if gone.len() > named.len() { format!(" and {} more", gone.len() - named.len()) } else { String::new() };
    let what = if gone.len() == 1 { "finding of the baseline is" } else { "findings of the baseline are" };
    Some(format!("resolved: {} {what} not there any more: {}{more}", gone.len(), named.join(", ")))
}

struct Judge<'a> {
    rules: &'a Ignore,
    marks: &'a [Mark],
    held: BTreeMap<(Side, &'a str, u32), Vec<usize>>,
    baseline: Option<BTreeSet<&'a str>>,
    today: &'a str,
    entries_used: Vec<bool>,
    marks_used: Vec<bool>,
    findings: Vec<CheckFinding>,
    suppressed: Vec<Suppressed>,
    /// Marks of which nothing was told.
    left: usize,
}

impl Judge<'_> {
    fn one(&mut self, finding: CheckFinding) {
        if let Some((by, reason, until)) = self.by_entry(&finding).or_else(|| self.by_mark(&finding)) {
            self.suppressed.push(Suppressed { finding, by, reason, until });
        } else if self.baseline.as_ref().is_some_and(|ids| ids.contains(finding.id.as_str())) {
            let reason = "it stands in the earlier report".to_owned();
            self.suppressed.push(Suppressed { finding, by: "baseline".to_owned(), reason, until: None });
        } else {
            self.findings.push(finding);
        }
    }

    fn by_entry(&mut self, finding: &CheckFinding) -> Option<(String, String, Option<String>)> {
        let mut found = None;
        for (at, entry) in self.rules.entries.iter().enumerate() {
            if !matches(entry, finding) {
                continue;
            }
            if let Some(used) = self.entries_used.get_mut(at) {
                *used = true;
            }
            if found.is_none() && !ended(entry.until.as_deref(), self.today) {
                found = Some((self.rules.file.clone(), entry.reason.clone(), entry.until.clone()));
            }
        }
        found
    }

    fn by_mark(&mut self, finding: &CheckFinding) -> Option<(String, String, Option<String>)> {
        let at = finding.at.as_ref()?;
        let candidates = self.held.get(&(at.side, at.file.as_str(), at.line))?;
        let mut found = None;
        for &index in candidates {
            let Some(mark) = self.marks.get(index) else { continue };
            let Some(said) = mark.said.as_ref().filter(|said| said.rules.iter().any(|rule| fits(rule, &finding.rule))) else { continue };
            if let Some(used) = self.marks_used.get_mut(index) {
                *used = true;
            }
            if found.is_none() && !ended(said.until.as_deref(), self.today) {
                found = Some((format!("a comment in {}, line {}", mark.file, mark.line), said.reason.clone(), said.until.clone()));
            }
        }
        found
    }

    /// Findings about the suppressions.
    fn about_itself(&mut self) {
        let whole = Source::one(Side::New, self.rules.file.clone(), &self.rules.text);
        let places = draft::Places::new([&whole]);
        for (at, entry) in self.rules.entries.iter().enumerate() {
            let used = self.entries_used.get(at).copied().unwrap_or(false);
            let place = places.at(Side::New, Place { file: 0, span: entry.span });
            let name = entry.id.as_deref().or(entry.rule.as_deref()).unwrap_or_default();
            let object = entry.object.as_deref().map_or_else(|| name.to_owned(), |object| format!("{name} in {object}"));
            self.told(used, entry.until.as_deref(), object, place);
        }
        let marks = self.marks;
        let before = self.findings.len();
        for (at, mark) in marks.iter().enumerate() {
            if self.findings.len() - before >= TOLD_MAX {
                self.left = marks.len() - at;
                break;
            }
            let used = self.marks_used.get(at).copied().unwrap_or(false);
            let place =
                At { side: mark.side, file: mark.file.clone(), line: mark.line, column: mark.column, end_line: None, end_column: None };
            match &mark.said {
                Some(said) if used || mark.side == Side::New => {
                    self.told(used, said.until.as_deref(), format!("{} in {}", said.rules.join(","), mark.file), Some(place));
                }
                None if mark.side == Side::New => {
                    let message = "this suppression has no rule or no reason, or its day cannot be read: it suppresses nothing";
                    let object = format!("a mark in {}", mark.file);
                    self.findings.push(finding(&without_reason::RULE, Severity::Low, object, message.to_owned(), Some(place)));
                }
                _ => {}
            }
        }
    }

    fn told(&mut self, used: bool, until: Option<&str>, object: String, at: Option<At>) {
        if let Some(until) = until.filter(|until| used && ended(Some(until), self.today)) {
            let message = format!("the suppression of `{object}` ended on {until}");
            self.findings.push(finding(&expired::RULE, Severity::Medium, object, message, at));
        } else if !used {
            let message = format!("the suppression of `{object}` matches no finding");
            self.findings.push(finding(&unused::RULE, Severity::Info, object, message, at));
        }
    }
}

fn matches(entry: &Entry, finding: &CheckFinding) -> bool {
    let file = finding.at.as_ref().map_or("", |at| at.file.as_str());
    entry.id.as_ref().is_none_or(|id| *id == finding.id)
        && entry.rule.as_ref().is_none_or(|rule| fits(rule, &finding.rule))
        && entry.object.as_ref().is_none_or(|object| fits(object, &finding.object))
        && entry.file.as_ref().is_none_or(|pattern| fits(pattern, file))
        // An entry of neither would match everything; the reader refuses it, and so does this.
        && (entry.id.is_some() || entry.rule.is_some())
}

/// Days of the form `2027-01-31` stand in the order of time.
fn ended(until: Option<&str>, today: &str) -> bool {
    until.is_some_and(|until| until < today)
}

fn finding(rule: &Rule, severity: Severity, object: String, message: String, at: Option<At>) -> CheckFinding {
    CheckFinding {
        id: draft::fingerprint(rule.id, &object, ""),
        rule: rule.id.to_owned(),
        severity,
        breaks: Vec::new(),
        undecided: false,
        object,
        at,
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
