//! The check as one HTML page that needs nothing else: no network, no script, light and dark.
//!
//! Every text enters through the page's one door; colours repeat a symbol and a word. Lists are cut once the page is large,
//! and what is left out is counted. Tests: `tests/it/check_html.rs`, and a browser in `tests/it/browser/`.

use segue_model::check::{CheckFinding, CheckReport, Verdict};

use super::excerpt::Excerpts;
use super::{say, script};
use crate::html::escape::Html;
use crate::html::frame::{contents, foot, head, open_section};
use crate::html::{FULL, tone};
use crate::text::count;

/// Findings of a page, at most.
const LISTED_MAX: usize = 500;

/// The whole page.
pub fn html(report: &CheckReport) -> String {
    let mut page = Html::default();
    head(&mut page, &format!("segue check {}", report.kind));
    header(&mut page, report);
    let rows = script::rows(report);
    let sections: Vec<(&'static str, &'static str, bool)> = vec![
        ("answer", "Does it break?", true),
        ("findings", "Findings", true),
        ("statements", "Statements", !rows.is_empty()),
        ("steps", "The way through", !report.steps.is_empty()),
        ("suppressed", "Suppressed", !report.suppressed.is_empty()),
        ("not-checked", "Not checked", true),
    ];
    let sections: Vec<_> = sections.into_iter().filter(|(_, _, there)| *there).collect();
    contents(&mut page, &sections.iter().map(|(id, title, _)| (*id, *title)).collect::<Vec<_>>());
    page.raw("<main id=\"main\" class=\"wrap\">\n");
    for (id, title, _) in sections {
        open_section(&mut page, id, title);
        match id {
            "answer" => answer(&mut page, report),
            "findings" => findings(&mut page, report),
            "statements" => statements(&mut page, &rows),
            "steps" => steps(&mut page, report),
            "suppressed" => suppressed(&mut page, report),
            _ => gaps(&mut page, &report.not_checked),
        }
        page.raw("</section>\n");
    }
    page.raw("</main>\n");
    foot(&mut page, &report.segue);
    page.finish()
}

/// What nobody compared.
pub(super) fn gaps(page: &mut Html, gaps: &[String]) {
    if gaps.is_empty() {
        page.para("", "Nothing that was read was left out.");
        return;
    }
    page.para("lead", "A report says what was not looked at.").raw("<ul>");
    for (at, gap) in gaps.iter().enumerate() {
        if page.len() > FULL || at >= LISTED_MAX {
            page.el("li", "", format!("and {} more: `segue check --format json`", gaps.len() - at));
            break;
        }
        page.said("li", "", gap);
    }
    page.raw("</ul>");
}

pub(super) fn badge(page: &mut Html, verdict: Verdict) {
    let (symbol, word, _, tone) = say::verdict(verdict);
    page.badge(tone, symbol, word);
}

fn header(page: &mut Html, report: &CheckReport) {
    page.raw("<header class=\"top\"><div class=\"wrap\"><div class=\"brand\">segue check</div><h1>")
        .text(format!("What changes in {}", report.kind));
    page.raw("</h1>").el("p", "why", format!("{}.", say::capital(&say::counts(&report.findings))));
    page.raw("<div class=\"chips\">");
    badge(page, report.verdict);
    page.badge("calm", "⚖", format!("policy {}", report.policy));
    page.raw("</div></div></header>\n");
}

fn answer(page: &mut Html, report: &CheckReport) {
    let (symbol, word, _, tone) = say::verdict(report.verdict);
    page.open("div", &[("class", "answer"), ("data-tone", tone)]).raw("<span class=\"mark\" aria-hidden=\"true\">").raw(symbol);
    page.raw("</span><div><strong>").text(say::capital(word)).raw("</strong>").para("", say::answer(report)).raw("</div></div>");
    page.raw("<dl class=\"tiles\">");
    let note = [
        ("Deploy", report.deploy, "old clients or data against the new side"),
        ("Roll back", report.rollback, "new clients or data against the old side"),
    ];
    for (what, verdict, means) in note {
        let (symbol, word, _, tone) = say::verdict(verdict);
        page.open("div", &[("data-tone", tone)]).el("dt", "", what).el("dd", "", format!("{symbol} {word}")).el("dd", "note", means);
        page.raw("</div>");
    }
    page.raw("</dl>");
    if let Some(next) = say::next(report) {
        page.para("small", format!("Next: `{next}`"));
    }
}

fn findings(page: &mut Html, report: &CheckReport) {
    if report.findings.is_empty() {
        page.raw("<p>").badge("good", "✓", "none").raw("</p>");
        return;
    }
    page.para("lead", "The worst first. Each stands once, at what changed, with everybody who uses it.");
    let mut excerpts = Excerpts::new(report);
    for (at, finding) in report.findings.iter().enumerate() {
        if page.len() > FULL || at >= LISTED_MAX {
            page.el("p", "", format!("and {} more: `segue check --format json`", count(report.findings.len() - at, "finding")));
            break;
        }
        one(page, finding, &mut excerpts);
    }
}

fn one(page: &mut Html, finding: &CheckFinding, excerpts: &mut Excerpts<'_>) {
    let ((tone, symbol), word) = tone::severity(finding.severity);
    page.raw("<details class=\"step\"><summary>").badge(tone, symbol, word).raw("<span class=\"what\">").prose(&finding.message);
    page.raw("</span></summary><div class=\"body\">");
    if let Some(excerpt) = finding.at.as_ref().and_then(|at| excerpts.of(at, 110)) {
        page.raw("<pre tabindex=\"0\"><code>").lines(&excerpt.lines()).raw("</code></pre>");
    }
    page.raw("<dl class=\"facts\">");
    page.fact("Rule", format!("`{}`", finding.rule)).fact("In", &finding.object).fact("Breaks", say::breaks(finding));
    if let Some(at) = &finding.at {
        page.fact("Where", format!("{}:{}:{} ({})", at.file, at.line, at.column, say::side(at.side)));
    }
    if let Some(reach) = &finding.reach {
        page.fact("Used by", say::reach(reach));
    }
    if let Some(locks) = finding.locks.as_ref().filter(|locks| !locks.is_empty()) {
        page.fact("Locks", say::locks(locks));
    }
    page.fact("Why", &finding.why).fact("What to do", &finding.fix).fact("Id", &finding.id);
    page.raw("</dl>");
    if let Some(witness) = &finding.witness {
        let (value, says) = say::witness(witness);
        page.raw("<p>For example <code>").text(value).raw("</code> ").text(says).raw(".</p>");
    }
    if !finding.safe_sql.is_empty() {
        page.raw("<p>In its place:</p><pre tabindex=\"0\"><code>").lines(&finding.safe_sql.join("\n")).raw("</code></pre>");
    }
    page.raw("</div></details>");
}

fn statements(page: &mut Html, rows: &[script::Row]) {
    page.para("lead", "What each statement does to a table that is in use.");
    page.raw("<table class=\"stack\"><thead><tr><th scope=\"col\">Statement</th><th scope=\"col\">Worst</th><th scope=\"col\">Locks</th>");
    page.raw("<th scope=\"col\">Rewrites</th><th scope=\"col\">Scans</th><th scope=\"col\">Safe sequence</th></tr></thead><tbody>");
    for (at, row) in rows.iter().enumerate() {
        if page.len() > FULL || at >= LISTED_MAX {
            page.raw("<tr><td colspan=\"6\">").text(format!("and {}", count(rows.len() - at, "more statement"))).raw("</td></tr>");
            break;
        }
        let ((tone, symbol), word) = tone::severity(row.severity);
        let line = row.line.map_or_else(String::new, |line| format!(" (line {line})"));
        page.raw("<tr>")
            .cell("Statement", format!("{}{line}", row.number))
            .raw("<td data-label=\"Worst\">")
            .badge(tone, symbol, word)
            .raw("</td>");
        page.cell("Locks", say::locks(&row.locks)).cell("Rewrites", script::yes(row.rewrites)).cell("Scans", script::yes(row.scans));
        page.cell("Safe sequence", script::yes(row.safe)).raw("</tr>");
    }
    page.raw("</tbody></table>");
}

fn steps(page: &mut Html, report: &CheckReport) {
    page.raw("<table class=\"stack\"><thead><tr><th scope=\"col\">Phase</th><th scope=\"col\">What</th><th scope=\"col\">By</th></tr></thead><tbody>");
    for (at, step) in report.steps.iter().enumerate() {
        if page.len() > FULL || at >= LISTED_MAX {
            page.raw("<tr><td colspan=\"3\">").text(format!("and {}", count(report.steps.len() - at, "more step"))).raw("</td></tr>");
            break;
        }
        page.raw("<tr>").cell("Phase", &step.phase).cell("What", &step.what).cell("By", &step.by).raw("</tr>");
    }
    page.raw("</tbody></table>");
}

fn suppressed(page: &mut Html, report: &CheckReport) {
    page.raw("<ul class=\"plain\">");
    for (at, one) in report.suppressed.iter().enumerate() {
        if page.len() > FULL || at >= LISTED_MAX {
            page.el("li", "", format!("and {} more: `segue check --format json`", report.suppressed.len() - at));
            break;
        }
        let until = one.until.as_ref().map_or_else(String::new, |until| format!(", until {until}"));
        page.raw("<li>").el("code", "", &one.finding.rule).raw(" ").prose(&one.finding.message);
        page.para("small", format!("{} ({}{until})", one.reason, one.by)).raw("</li>");
    }
    page.raw("</ul>");
}
