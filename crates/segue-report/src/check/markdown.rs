//! Markdown for a pull request: the answer, a table, and each finding behind its own fold.
//!
//! Texts enter by the doors `markup` and `html::escape`; a fold's title is HTML, its body Markdown. Never longer than
//! [`LIMIT`], which is what a comment may have: what is left out is counted. Tests: `tests/it/check_markdown.rs`.

use segue_model::check::{CheckFinding, CheckReport};

use super::excerpt::Excerpts;
use super::{SHOWN_MAX, place, say, script};
use crate::html::escape;
use crate::markup::{code, fence, inline, within};
use crate::text::count;

/// A comment of GitHub has at most 65,536 characters.
pub const LIMIT: usize = 60_000;

/// The longest text of a finding, in characters.
const TEXT_MAX: usize = 1_200;

/// The text of a pull request's comment.
pub fn markdown(report: &CheckReport) -> String {
    let mut out = String::new();
    head(&mut out, report);
    table(&mut out, report);
    statements(&mut out, report);
    let mut excerpts = Excerpts::new(report);
    let mut shown = 0;
    for finding in report.findings.iter().take(SHOWN_MAX) {
        let one = finding_text(finding, report, &mut excerpts);
        // What follows takes at most a fifth.
        if out.len() + one.len() > LIMIT / 5 * 4 {
            break;
        }
        out.push_str(&one);
        shown += 1;
    }
    let left = report.findings.len() - shown;
    if left > 0 {
        out.push_str(&format!("{} not shown here: `segue check … --format json` has all.\n\n", count(left, "finding")));
    }
    suppressed(&mut out, report);
    list(&mut out, "Not checked", &report.not_checked);
    if let Some(next) = say::next(report) {
        out.push_str(&format!("Next: {}\n", code(next)));
    }
    out
}

fn head(out: &mut String, report: &CheckReport) {
    let (symbol, word, _, _) = say::verdict(report.verdict);
    out.push_str(&format!("## {symbol} segue check {}: {word}\n\n", within(&report.kind)));
    out.push_str(&format!("{} {}.\n\n", say::answer(report), say::capital(&say::counts(&report.findings))));
    out.push_str("| deploy | rollback | policy |\n| --- | --- | --- |\n");
    let cell = |verdict| {
        let (symbol, word, _, _) = say::verdict(verdict);
        format!("{symbol} {word}")
    };
    out.push_str(&format!("| {} | {} | {} |\n\n", cell(report.deploy), cell(report.rollback), within(&report.policy)));
}

fn table(out: &mut String, report: &CheckReport) {
    if report.findings.is_empty() {
        return;
    }
    out.push_str("| severity | breaks | what | where |\n| --- | --- | --- | --- |\n");
    for finding in report.findings.iter().take(SHOWN_MAX) {
        let (symbol, word) = say::severity(finding.severity);
        let place = place_of(report, finding).map_or_else(|| "–".to_owned(), |place| code(&place));
        let row = format!("| {symbol} {word} | {} | {} | {place} |\n", say::breaks(finding), within(&cut(&finding.message)));
        if out.len() + row.len() > LIMIT / 2 {
            out.push_str("| … | | | |\n");
            break;
        }
        out.push_str(&row);
    }
    out.push('\n');
}

fn place_of(report: &CheckReport, finding: &CheckFinding) -> Option<String> {
    let at = finding.at.as_ref()?;
    let anchor = place::anchor(report, finding)?;
    Some(anchor.note.map_or_else(|| format!("{}:{}", anchor.path, at.line), |note| format!("{}, {note}", anchor.path)))
}

fn cut(text: &str) -> String {
    if text.chars().count() <= TEXT_MAX { text.to_owned() } else { format!("{}…", text.chars().take(TEXT_MAX).collect::<String>()) }
}

fn statements(out: &mut String, report: &CheckReport) {
    let rows = script::rows(report);
    if rows.is_empty() {
        return;
    }
    out.push_str("| statement | severity | locks | rewrites | scans | safe sequence |\n| --- | --- | --- | --- | --- | --- |\n");
    for row in rows.iter().take(SHOWN_MAX) {
        let (symbol, word) = say::severity(row.severity);
        let line = row.line.map_or_else(String::new, |line| format!(" (line {line})"));
        let locks = if row.locks.is_empty() { "–".to_owned() } else { within(&cut(&say::locks(&row.locks))) };
        let [rewrites, scans, safe] = [row.rewrites, row.scans, row.safe].map(script::yes);
        out.push_str(&format!("| {}{line} | {symbol} {word} | {locks} | {rewrites} | {scans} | {safe} |\n", row.number));
    }
    if rows.len() > SHOWN_MAX {
        out.push_str(&format!("| … and {} | | | | | |\n", count(rows.len() - SHOWN_MAX, "more statement")));
    }
    out.push('\n');
}

/// One finding behind its fold. The empty line behind the title is what makes the body Markdown again.
fn finding_text(finding: &CheckFinding, report: &CheckReport, excerpts: &mut Excerpts<'_>) -> String {
    let (symbol, word) = say::severity(finding.severity);
    let title = escape::escape(&cut(&finding.message));
    let mut out = format!("<details><summary>{symbol} {word} <code>{}</code> {title}</summary>\n\n", escape::escape(&finding.rule));
    let mut line = |label: &str, text: String| {
        if !text.is_empty() {
            out.push_str(&format!("- {label}: {text}\n"));
        }
    };
    line("in", code(&cut(&finding.object)));
    line("breaks", say::breaks(finding));
    line("at", place_of(report, finding).map_or_else(String::new, |place| code(&place)));
    if let Some(witness) = &finding.witness {
        let (value, says) = say::witness(witness);
        line("for example", format!("{} {says}", code(&value)));
    }
    line("used by", finding.reach.as_ref().map_or_else(String::new, |reach| within(&cut(&say::reach(reach)))));
    line("why", inline(&cut(&finding.why)));
    line("fix", inline(&cut(&finding.fix)));
    if let Some(excerpt) = finding.at.as_ref().and_then(|at| excerpts.of(at, 100)) {
        let text = excerpt.lines();
        let fence = fence(&text);
        out.push_str(&format!("\n{fence}text\n{text}\n{fence}\n"));
    }
    if !finding.safe_sql.is_empty() {
        let lines: Vec<String> =
            finding.safe_sql.iter().flat_map(|one| one.lines()).map(|one| crate::text::shown(&one.replace('\t', "    "))).collect();
        let text = lines.join("\n");
        let fence = fence(&text);
        out.push_str(&format!("\nIn its place:\n\n{fence}sql\n{text}\n{fence}\n"));
    }
    out.push_str("\n</details>\n\n");
    out
}

fn suppressed(out: &mut String, report: &CheckReport) {
    let lines: Vec<String> = report
        .suppressed
        .iter()
        .map(|one| {
            let until = one.until.as_ref().map_or_else(String::new, |until| format!(", until {until}"));
            format!("{}: {} ({}{until})", one.finding.rule, one.reason, one.by)
        })
        .collect();
    list(out, "Suppressed", &lines);
}

fn list(out: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("<details><summary>{title}: {}</summary>\n\n", lines.len()));
    for (at, line) in lines.iter().enumerate() {
        let line = format!("- {}\n", inline(&cut(line)));
        if out.len() + line.len() > LIMIT - 500 || at >= SHOWN_MAX {
            out.push_str(&format!("- and {} more\n", lines.len() - at));
            break;
        }
        out.push_str(&line);
    }
    out.push_str("\n</details>\n\n");
}
