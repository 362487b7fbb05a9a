//! The check for a terminal: each finding with its line, what it breaks, a value that proves it and what to do; then the
//! answer. Readable without colour, folded at the width, at most [`SHOWN_MAX`] findings.
//!
//! Draws its own excerpts: a finding of a large document costs its line, not the document. A rule says why and what to do
//! once. Tests: `tests/it/check.rs`.

use std::collections::BTreeSet;

use segue_model::check::{CheckFinding, CheckReport};
use segue_model::finding::Severity;

use super::excerpt::Excerpts;
use super::{SHOWN_MAX, say, script};
use crate::text::{Cell, Page, Style, cell, count, shown};

/// Sentences of what was not checked that are shown.
const GAPS_MAX: usize = 12;

/// The check as a person reads it.
pub fn human(report: &CheckReport, width: usize, color: bool) -> String {
    let mut out = Out { text: String::new(), width: width.max(20), color, told: BTreeSet::new() };
    let mut excerpts = Excerpts::new(report);
    let worst: Vec<&CheckFinding> = report.findings.iter().take(SHOWN_MAX).collect();
    for finding in worst.iter().filter(|finding| finding.severity >= Severity::Medium) {
        out.finding(finding, &mut excerpts);
    }
    let small: Vec<_> = worst.iter().filter(|finding| finding.severity < Severity::Medium).collect();
    for finding in &small {
        out.short(finding);
    }
    if !small.is_empty() {
        out.text.push('\n');
    }
    let left = report.findings.len() - worst.len();
    if left > 0 {
        let more = format!("{} more, none worse than these: `--format json` has all", count(left, "finding"));
        out.line(0, 2, &[cell(more).style(Style::Bold)]);
        out.text.push('\n');
    }
    out.statements(report);
    out.suppressed(report);
    out.not_checked(report);
    out.answer(report);
    out.text
}

struct Out<'a> {
    text: String,
    width: usize,
    color: bool,
    /// Rules whose why and fix were said.
    told: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Out<'a> {
    fn line(&mut self, indent: usize, hang: usize, cells: &[Cell]) {
        let mut page = Page::new(self.width, self.color);
        page.line(indent, hang, cells);
        self.text.push_str(&page.finish());
    }

    fn note(&mut self, gutter: usize, label: &str, said: &str) {
        if !said.is_empty() {
            self.line(gutter + 1, gutter + 5, &[cell(format!("= {label}: {said}"))]);
        }
    }

    fn finding(&mut self, finding: &'a CheckFinding, excerpts: &mut Excerpts<'a>) {
        let (symbol, word) = say::severity(finding.severity);
        let head = format!("{symbol} {word}[{}]: {}", finding.rule, finding.message);
        self.line(0, 2, &[cell(head).style(say::style(finding.severity))]);
        let gutter = self.excerpt(finding, excerpts);
        self.note(gutter, "in", &finding.object);
        self.note(gutter, "breaks", &say::breaks(finding));
        if let Some(witness) = &finding.witness {
            let (value, says) = say::witness(witness);
            self.note(gutter, "for example", &format!("`{value}` {says}"));
        }
        if let Some(reach) = &finding.reach {
            self.note(gutter, "used by", &say::reach(reach));
        }
        if let Some(locks) = finding.locks.as_ref().filter(|locks| !locks.is_empty()) {
            self.note(gutter, "locks", &say::locks(locks));
        }
        let touches = [(finding.rewrites, "writes the table anew"), (finding.scans, "reads the whole table")];
        let touches: Vec<&str> = touches.into_iter().filter(|(is, _)| *is == Some(true)).map(|(_, what)| what).collect();
        self.note(gutter, "work", &touches.join(", "));
        if self.told.insert((finding.rule.as_str(), finding.fix.as_str())) {
            self.note(gutter, "why", &finding.why);
            self.note(gutter, "fix", &finding.fix);
        } else {
            self.note(gutter, "why and fix", "as above");
        }
        self.safe(gutter, &finding.safe_sql);
        self.text.push('\n');
    }

    /// The place and its line; how many columns the numbers take.
    fn excerpt(&mut self, finding: &'a CheckFinding, excerpts: &mut Excerpts<'a>) -> usize {
        let Some(at) = &finding.at else { return 2 };
        let gutter = at.line.to_string().len().max(2);
        self.line(gutter, gutter + 4, &[cell(format!("--> {}:{}:{}", at.file, at.line, at.column)).style(Style::Dim)]);
        let Some(excerpt) = excerpts.of(at, self.width.saturating_sub(gutter + 3)) else { return gutter };
        let bar = " ".repeat(gutter);
        let mut mark = Page::new(self.width.max(excerpt.wide), self.color);
        mark.line(0, 0, &[cell("^".repeat(excerpt.wide)).style(say::style(finding.severity))]);
        let line = format!("{:>gutter$} | {}", excerpt.number, excerpt.text);
        self.text.push_str(&format!("{bar} |\n{}\n", line.trim_end()));
        self.text.push_str(&format!("{bar} | {}{}", " ".repeat(excerpt.before), mark.finish()));
        gutter
    }

    fn safe(&mut self, gutter: usize, statements: &[String]) {
        if statements.is_empty() {
            return;
        }
        self.line(gutter + 1, gutter + 5, &[cell("= in its place:")]);
        for statement in statements {
            for line in statement.lines() {
                self.text.push_str(&format!("{}{}\n", " ".repeat(gutter + 5), shown(&line.replace('\t', "    ")).trim_end()));
            }
        }
    }

    /// A finding of little weight, on a line.
    fn short(&mut self, finding: &CheckFinding) {
        let (symbol, word) = say::severity(finding.severity);
        let place = finding.at.as_ref().map_or_else(String::new, |at| format!("({}:{})", at.file, at.line));
        let breaks =
            if finding.breaks.is_empty() && !finding.undecided { String::new() } else { format!("breaks: {}", say::breaks(finding)) };
        self.line(
            0,
            4,
            &[
                cell(format!("{symbol} {word}[{}]", finding.rule)).style(say::style(finding.severity)),
                cell(&finding.message).flows(),
                cell(breaks),
                cell(place).style(Style::Dim),
            ],
        );
    }

    fn statements(&mut self, report: &CheckReport) {
        let rows = script::rows(report);
        if rows.is_empty() {
            return;
        }
        self.line(0, 2, &[cell("Statements").style(Style::Bold)]);
        for row in rows.iter().take(SHOWN_MAX) {
            let (symbol, word) = say::severity(row.severity);
            let line = row.line.map_or_else(String::new, |line| format!(" (line {line})"));
            let mut does = vec![if row.locks.is_empty() { "no lock that is told".to_owned() } else { say::locks(&row.locks) }];
            does.extend(row.rewrites.then(|| "rewrites".to_owned()));
            does.extend(row.scans.then(|| "scans".to_owned()));
            does.extend(row.safe.then(|| "has a safe sequence".to_owned()));
            self.line(
                2,
                6,
                &[
                    cell(format!("{}{line}", row.number)).pad(14),
                    cell(format!("{symbol} {word}")).style(say::style(row.severity)).pad(10),
                    cell(does.join("; ")),
                ],
            );
        }
        let left = rows.len().saturating_sub(SHOWN_MAX);
        if left > 0 {
            self.line(2, 6, &[cell(format!("and {}", count(left, "more statement")))]);
        }
        self.text.push('\n');
    }

    fn suppressed(&mut self, report: &CheckReport) {
        let mut by: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
        for one in &report.suppressed {
            *by.entry(if one.by.starts_with("a comment in ") { "comments in the files" } else { &one.by }).or_default() += 1;
        }
        if !by.is_empty() {
            let parts: Vec<String> = by.into_iter().map(|(by, number)| format!("{number} by {by}")).collect();
            self.line(0, 2, &[cell(format!("Suppressed: {}", parts.join(", ")))]);
        }
    }

    fn not_checked(&mut self, report: &CheckReport) {
        if report.not_checked.is_empty() {
            return;
        }
        self.line(0, 2, &[cell("Not checked:").style(Style::Bold)]);
        for gap in report.not_checked.iter().take(GAPS_MAX) {
            self.line(2, 4, &[cell(format!("- {gap}"))]);
        }
        let left = report.not_checked.len().saturating_sub(GAPS_MAX);
        if left > 0 {
            self.line(2, 4, &[cell(format!("- and {left} more: `--format json` has all"))]);
        }
    }

    fn answer(&mut self, report: &CheckReport) {
        let part = |name: &str, verdict| {
            let (symbol, word, style, _) = say::verdict(verdict);
            cell(format!("{name} {symbol} {word}")).style(style)
        };
        let (symbol, word, style, _) = say::verdict(report.verdict);
        let head = cell(format!("Check {}: {symbol} {}", report.kind, word.to_uppercase())).style(style);
        self.line(0, 2, &[head, cell(say::counts(&report.findings)), cell(format!("policy {}", report.policy))]);
        self.line(2, 4, &[part("deploy", report.deploy), part("rollback", report.rollback), cell(say::answer(report))]);
        if !report.steps.is_empty() {
            self.line(2, 4, &[cell(format!("The change needs {}.", count(report.steps.len(), "step")))]);
        }
        if let Some(next) = say::next(report) {
            self.line(2, 4, &[cell(format!("Next: {next}"))]);
        }
    }
}
