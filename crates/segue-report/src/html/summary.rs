//! The head of the page and what a lead wants to know in ten seconds.
//!
//! Tests: `tests/it/html.rs`.

use segue_model::plan::Plan;

use super::Extra;
use super::escape::Html;
use super::tone;
use crate::plan::{dates, say};

/// Two dots and the arc between them: from the old to the new without a break.
const MARK: &str = concat!(
    "<svg width=\"30\" height=\"16\" viewBox=\"0 0 30 16\" aria-hidden=\"true\"><path d=\"M4 11 C9 1 21 1 26 11\" fill=\"none\" ",
    "stroke=\"currentColor\" stroke-width=\"2\" stroke-linecap=\"round\"/><circle cx=\"4\" cy=\"12\" r=\"3\" fill=\"currentColor\"/>",
    "<circle cx=\"26\" cy=\"12\" r=\"3\" fill=\"currentColor\"/></svg>"
);

/// The page's head: what it is, why, and its figures.
pub(super) fn header(page: &mut Html, plan: &Plan) {
    page.raw("<header class=\"top\"><div class=\"wrap\"><div class=\"brand\">")
        .raw(MARK)
        .raw("<span>Segue migration plan</span></div>\n<h1>");
    page.el("span", "id", &plan.id).raw(" ").text(&plan.name).raw("</h1>\n");
    page.para("why", &plan.program.why);
    page.raw("<div class=\"chips\">").badge("accent", "◆", say::kinds(plan));
    if !plan.pattern.name.is_empty() {
        page.badge("calm", "⤳", format!("pattern {}", plan.pattern.name));
    }
    let (name, symbol) = tone::level(&plan.risk);
    page.badge(name, symbol, format!("{} risk", plan.risk));
    if plan.execution.is_nothing() {
        page.badge("calm", "☞", "people run it with Segue's runbook");
    } else if plan.runs() {
        page.badge("good", "▶", "Segue runs every step");
    }
    page.raw("</div></div></header>\n");
}

fn tile(page: &mut Html, tone: &str, term: &str, value: &str, note: &str) {
    page.open("div", &[("data-tone", tone)]).el("dt", "", term).el("dd", "", value);
    if !note.is_empty() {
        page.el("dd", "note", note);
    }
    page.raw("</div>");
}

/// Tiles, counts, pattern, now and then.
pub(super) fn glance(page: &mut Html, plan: &Plan, _: &Extra<'_>) {
    page.raw("<p class=\"lead\">").text(lead(plan)).raw("</p>\n<dl class=\"tiles\">");
    tiles(page, plan);
    page.raw("</dl>\n");
    pattern(page, plan);
    overview(page, plan);
    figures(page, plan);
}

/// The plan in one sentence.
fn lead(plan: &Plan) -> String {
    let steps: Vec<_> = plan.phases.iter().flat_map(|phase| &phase.steps).collect();
    let by = |who: &str| steps.iter().filter(|step| step.by == who).count() as u64;
    let mut text = format!("{} in {}", say::many(steps.len() as u64, "step"), say::many(plan.phases.len() as u64, "phase"));
    let parts: Vec<String> = [(by("run"), "by Segue"), (by("command"), "by a rendered command"), (by("manual"), "by people")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, who)| format!("{} {who}", say::thousands(number)))
        .collect();
    if parts.len() > 1 {
        text.push_str(&format!(": {}", parts.join(", ")));
    }
    let gates: usize = plan.phases.iter().map(|phase| phase.entry.len() + phase.gates.len()).sum();
    text.push_str(&format!(". {} between them.", say::many(gates as u64, "gate")));
    text
}

fn tiles(page: &mut Html, plan: &Plan) {
    let program = &plan.program;
    if let Some(end) = &program.duration {
        let start = program.start.map(|_| format!(" after a start on {}", dates::starts(plan, 0))).unwrap_or_default();
        let note = format!("P50 {}, P95 {}{start}", dates::finish(plan, end.p50_s), dates::finish(plan, end.p95_s));
        tile(page, "accent", "Done, with 80 % confidence", &dates::finish(plan, end.p80_s), &note);
    } else if plan.execution.is_nothing() {
        tile(page, "calm", "Done", "not estimated", "what is missing stands below");
    } else {
        let seconds = plan.phases.iter().map(|phase| phase.estimate.seconds).sum();
        tile(page, "accent", "Machine time", &crate::text::about(seconds), "no calendar was asked for");
    }
    let (name, _) = tone::level(&plan.risk);
    let worst = program.risks.iter().max_by_key(|risk| (risk.rpn, std::cmp::Reverse(&risk.id)));
    let note = worst.map(|risk| format!("{}: {} → {} after mitigation", risk.id, risk.rpn, risk.residual_rpn)).unwrap_or_default();
    tile(page, name, "Risk", &plan.risk, &note);
    let (_, from) = say::downtime(plan);
    tile(page, "calm", "Write pause", &say::downtime_words(plan), from);
    let (name, note) = match say::loss_free_until(plan) {
        None => ("good", "without loss at every step".to_owned()),
        Some(phase) => ("warn", format!("without loss until {phase}")),
    };
    tile(page, name, "Rollback", &plan.rollback, &note);
    if let Some(effort) = program.effort.as_ref().filter(|effort| effort.p95_s > 0) {
        let note = format!("P80 {} h", dates::tenths(effort.p80_s, 3_600));
        tile(page, "calm", "People's work", &say::effort(effort), &note);
    }
    if let Some(cost) = &program.cost {
        tile(page, "calm", "Cost", &say::money(&cost.p50), &format!("P80 {}; {}", say::money(&cost.p80), cost.from));
    }
    let (open, tone) = (program.needed.len(), if program.needed.is_empty() { "good" } else { "warn" });
    let note = if open == 0 { "nothing is left to answer" } else { "answers, each with its key of the spec" };
    tile(page, tone, "Needed before start", &open.to_string(), note);
    if !program.verdicts.is_empty() {
        let all = say::verdicts(plan);
        let sum: u64 = all.iter().map(|(number, _)| number).sum();
        let note: Vec<String> =
            all.iter().map(|(number, name)| format!("{} {}", say::thousands(*number), name.replace('-', " "))).collect();
        tile(page, "calm", "Objects judged", &say::thousands(sum), &note.join(", "));
    }
}

fn pattern(page: &mut Html, plan: &Plan) {
    if plan.pattern.name.is_empty() {
        return;
    }
    page.raw("<h3>Pattern: ").text(&plan.pattern.name).raw("</h3>").para("", &plan.pattern.why);
    if plan.pattern.not.is_empty() {
        return;
    }
    page.raw("<details><summary>Why not another pattern</summary><div class=\"body\"><dl class=\"facts\">");
    for other in &plan.pattern.not {
        page.fact(&other.name, &other.why);
    }
    page.raw("</dl></div></details>");
}

fn overview(page: &mut Html, plan: &Plan) {
    if plan.program.overview.is_empty() {
        return;
    }
    page.raw("<h3>Now and then</h3>\n<table class=\"stack\"><thead><tr><th scope=\"col\">Aspect</th><th scope=\"col\">Now</th>");
    page.raw("<th scope=\"col\">Then</th><th scope=\"col\">What must change</th></tr></thead><tbody>");
    for line in &plan.program.overview {
        page.raw("<tr><th scope=\"row\">").text(&line.aspect).raw("</th>");
        page.cell("Now", &line.current).cell("Then", &line.target).cell("What must change", &line.change).raw("</tr>");
    }
    page.raw("</tbody></table>");
}

fn figures(page: &mut Html, plan: &Plan) {
    if plan.program.figures.is_empty() {
        return;
    }
    page.raw(
        "<details><summary>Figures of the plan and where each comes from</summary><div class=\"body\"><table class=\"stack\"><thead><tr>",
    );
    page.raw("<th scope=\"col\">Figure</th><th scope=\"col\">Value</th><th scope=\"col\">From</th></tr></thead><tbody>");
    for (name, figure) in &plan.program.figures {
        page.raw("<tr><th scope=\"row\">")
            .text(say::words(name))
            .raw("</th>")
            .cell("Value", &figure.value)
            .cell("From", &figure.from)
            .raw("</tr>");
    }
    page.raw("</tbody></table></div></details>");
}
