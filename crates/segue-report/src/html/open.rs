//! What is open: answers that are needed, findings, and what nobody looked at.
//!
//! Tests: `tests/it/html.rs`.

use segue_model::finding::Finding;
use segue_model::plan::Plan;

use super::escape::Html;
use super::{Extra, FULL, tone};
use crate::plan::say;

/// What must be known before the start.
pub(super) fn needed(page: &mut Html, plan: &Plan, _: &Extra<'_>) {
    let all = &plan.program.needed;
    if all.is_empty() {
        page.raw("<p>").badge("good", "✓", "nothing").raw(" The plan has all that it needs from the spec.</p>");
        return;
    }
    page.para("lead", "Nobody stated or measured these yet, and the plan does not guess. Each is answered by its key of the spec.");
    page.raw("<table class=\"stack\"><thead><tr><th scope=\"col\">What</th><th scope=\"col\">Key of the spec</th><th scope=\"col\">Needed for</th></tr></thead><tbody>");
    for (at, needed) in all.iter().enumerate() {
        if page.len() > FULL || at >= 500 {
            page.raw("<tr><td colspan=\"3\">")
                .text(format!("and {} more: `segue plan --detail changes`", all.len() - at))
                .raw("</td></tr>");
            break;
        }
        page.raw("<tr>").cell("What", &needed.what).raw("<td data-label=\"Key of the spec\">").el("span", "key", &needed.spec_key);
        page.raw("</td>").cell("Needed for", needed.for_what.join(", ")).raw("</tr>");
    }
    page.raw("</tbody></table>");
}

/// What somebody must know, worst first.
pub(super) fn findings(page: &mut Html, plan: &Plan, _: &Extra<'_>) {
    listed(page, &plan.findings, "segue plan --detail changes");
}

/// Findings, worst first; `more` shows the rest of very many.
pub(super) fn listed(page: &mut Html, findings: &[Finding], more: &str) {
    let mut all: Vec<_> = findings.iter().collect();
    all.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    if all.is_empty() {
        page.raw("<p>").badge("good", "✓", "none").raw("</p>");
        return;
    }
    page.para("lead", format!("{}. `segue explain CODE` tells more of each.", say::many(all.len() as u64, "finding")));
    page.raw("<ul class=\"plain\">");
    for (at, finding) in all.iter().enumerate() {
        if page.len() > FULL || at >= 500 {
            page.el("li", "", format!("and {} more: `{more}`", all.len() - at));
            break;
        }
        let ((tone, symbol), word) = tone::severity(finding.severity);
        page.raw("<li><div class=\"row\">")
            .badge(tone, symbol, word)
            .el("code", "", &finding.code)
            .raw("<span class=\"grow\"><b>")
            .prose(&finding.object);
        page.raw("</b>: ").prose(&finding.message).raw("</span></div>");
        page.para("small", if finding.fix.is_empty() { String::new() } else { format!("What to do: {}", finding.fix) }).raw("</li>");
    }
    page.raw("</ul>");
}

/// What nobody looked at.
pub(super) fn not_checked(page: &mut Html, plan: &Plan, _: &Extra<'_>) {
    if plan.not_checked.is_empty() {
        page.para("", "Nothing that the plan knows of was left out.");
        return;
    }
    page.para("lead", "A report says what was not looked at.").raw("<ul>");
    for (at, gap) in plan.not_checked.iter().enumerate() {
        if page.len() > FULL || at >= 500 {
            page.el("li", "", format!("and {} more: `segue plan --detail changes`", plan.not_checked.len() - at));
            break;
        }
        page.said("li", "", gap);
    }
    page.raw("</ul>");
}
