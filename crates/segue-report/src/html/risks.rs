//! What can go wrong: the five by five for managers, the register beneath it, and what is watched.
//!
//! Tests: `tests/it/html.rs`.

use segue_model::plan::Plan;
use segue_model::plan::program::Risk;

use super::charts::cut;
use super::escape::Html;
use super::tone;
use super::{Extra, FULL};
use crate::plan::say;

const CHANCE: [&str; 5] = ["rare", "unlikely", "possible", "likely", "almost certain"];
const HARM: [&str; 5] = ["slight", "minor", "serious", "major", "severe"];

/// The register.
pub(super) fn section(page: &mut Html, plan: &Plan, _: &Extra<'_>) {
    let risks = &plan.program.risks;
    if risks.is_empty() {
        page.para("lead", format!("No register was made for this plan; its own level is {}.", plan.risk));
        return;
    }
    page.para("lead", "Worst first. RPN is severity × occurrence × detection, each from 1 to 10; after the arrow, what is left once the mitigation is there.");
    page.raw("<div class=\"split\"><div>");
    matrix(page, risks);
    page.raw("</div><div>");
    counts(page, risks);
    page.raw("</div></div>");
    register(page, risks);
}

/// The level of a field of the five by five.
fn field(chance: usize, harm: usize) -> &'static str {
    match (chance + 1) * (harm + 1) {
        0..=4 => "low",
        5..=9 => "medium",
        10..=16 => "high",
        _ => "critical",
    }
}

fn matrix(page: &mut Html, risks: &[Risk]) {
    const SHOWN: usize = 3;
    page.raw("<table class=\"matrix\"><caption>How likely (upwards) and how bad (to the right); the level of a field is of these two alone</caption><tbody>");
    for chance in (0..5).rev() {
        page.raw("<tr><th scope=\"row\">").text(CHANCE[chance]).raw("</th>");
        for harm in 0..5 {
            let here: Vec<&Risk> =
                risks.iter().filter(|risk| say::fifth(risk.occurrence) == chance && say::fifth(risk.severity) == harm).collect();
            let level = field(chance, harm);
            page.open("td", &[("data-tone", tone::level(level).0)]);
            for risk in here.iter().take(SHOWN) {
                page.text(cut(&risk.id, 12)).raw(" ");
            }
            if here.len() > SHOWN {
                page.text(format!("+{}", here.len() - SHOWN));
            }
            page.el("small", "", level).raw("</td>");
        }
        page.raw("</tr>");
    }
    page.raw("<tr><th></th>");
    for harm in HARM {
        page.raw("<th scope=\"col\">").text(harm).raw("</th>");
    }
    page.raw("</tr></tbody></table>");
}

fn counts(page: &mut Html, risks: &[Risk]) {
    page.raw("<ul class=\"plain\">");
    for level in ["critical", "high", "medium", "low"] {
        let number = risks.iter().filter(|risk| risk.level == level).count();
        let (name, symbol) = tone::level(level);
        page.raw("<li class=\"row\">").badge(name, symbol, level).el("span", "grow", say::many(number as u64, "risk")).raw("</li>");
    }
    let (before, after) =
        risks.iter().fold((0_u64, 0_u64), |(before, after), risk| (before + u64::from(risk.rpn), after + u64::from(risk.residual_rpn)));
    page.raw("</ul>")
        .para("small", format!("All RPN together: {}; after the mitigations: {}.", say::thousands(before), say::thousands(after)));
}

fn register(page: &mut Html, risks: &[Risk]) {
    page.raw("<h3>Register</h3>");
    let mut sorted: Vec<&Risk> = risks.iter().collect();
    sorted.sort_by_key(|risk| (std::cmp::Reverse(risk.rpn), &risk.id));
    for (at, risk) in sorted.into_iter().enumerate() {
        if page.len() > FULL || at >= 300 {
            page.para("small", format!("and {} more: `segue plan --detail changes` lists all.", risks.len() - at));
            return;
        }
        let (name, symbol) = tone::level(&risk.level);
        page.raw("<details class=\"step\"><summary>")
            .badge(name, symbol, &risk.level)
            .el("b", "", &risk.id)
            .said("span", "what", &risk.what);
        page.el("span", "mono", format!("{} → {}", risk.rpn, risk.residual_rpn)).raw("</summary><div class=\"body\"><dl class=\"facts\">");
        page.fact("Against it", &risk.mitigation).fact("Shown by", &risk.trigger).fact("Then", &risk.rollback);
        page.fact("Owner", &risk.owner).fact("Category", &risk.category).fact("In", risk.phases.join(", "));
        let figures = format!("severity {} × occurrence {} × detection {} = {}", risk.severity, risk.occurrence, risk.detection, risk.rpn);
        page.fact("RPN", figures).fact("From", &risk.evidence).fact("Reasons", risk.reasons.join(" ")).raw("</dl></div></details>");
    }
}

/// Gates, then triggers.
pub(super) fn gates(page: &mut Html, plan: &Plan, _: &Extra<'_>) {
    let number: usize = plan.phases.iter().map(|phase| phase.entry.len() + phase.gates.len()).sum();
    page.para(
        "lead",
        format!("{}. Nothing goes on before its gate is open; each threshold has its source.", say::many(number as u64, "gate")),
    );
    if number > 0 {
        gate_table(page, plan);
    }
    if plan.program.triggers.is_empty() {
        return;
    }
    page.raw("<h3>What leads to a warning, a pause or a rollback</h3><table class=\"stack\"><thead><tr><th scope=\"col\">When</th>");
    page.raw(
        "<th scope=\"col\">Action</th><th scope=\"col\">In this order</th><th scope=\"col\">Watches</th><th scope=\"col\">Measured by</th>",
    );
    page.raw("<th scope=\"col\">From</th></tr></thead><tbody>");
    for trigger in &plan.program.triggers {
        let (tone, symbol) = match trigger.action.as_str() {
            "rollback" => ("bad", "↩"),
            "pause" => ("warn", "‖"),
            _ => ("calm", "⚑"),
        };
        page.raw("<tr><th scope=\"row\"><code>").text(trigger.when.to_string()).raw("</code></th><td data-label=\"Action\">");
        page.badge(tone, symbol, &trigger.action).raw("</td>");
        let watches =
            if trigger.phases.is_empty() { "all from the first that users may notice".to_owned() } else { trigger.phases.join(", ") };
        page.cell("In this order", numbered(&trigger.order)).cell("Watches", watches).cell("Measured by", &trigger.measured_by);
        page.cell("From", &trigger.from).raw("</tr>");
    }
    page.raw("</tbody></table>");
}

/// `1. stop; 2. go back`.
fn numbered(order: &[String]) -> String {
    let parts: Vec<String> = order.iter().enumerate().map(|(at, what)| format!("{}. {what}", at + 1)).collect();
    parts.join("; ")
}

fn gate_table(page: &mut Html, plan: &Plan) {
    page.raw(
        "<table class=\"stack\"><thead><tr><th scope=\"col\">Gate</th><th scope=\"col\">Stands</th><th scope=\"col\">What is asked</th>",
    );
    page.raw("<th scope=\"col\">Threshold</th><th scope=\"col\">Decided by</th><th scope=\"col\">From</th></tr></thead><tbody>");
    let all = plan.phases.iter().flat_map(|phase| say::all_gates(phase).map(move |(place, gate)| (phase, place, gate)));
    for (at, (phase, place, gate)) in all.enumerate() {
        if page.len() > FULL || at >= 400 {
            page.raw("<tr><td colspan=\"6\">More gates stand in `segue plan --detail changes`.</td></tr>");
            break;
        }
        page.raw("<tr><th scope=\"row\"><code>").text(&gate.id).raw("</code></th>").cell("Stands", format!("{place} {}", phase.name));
        page.cell("What is asked", &gate.what).cell("Threshold", say::condition(&gate.condition));
        page.cell("Decided by", say::decided_by(&gate.condition)).cell("From", &gate.from).raw("</tr>");
    }
    page.raw("</tbody></table>");
}
