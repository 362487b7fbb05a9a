//! The plan as a person sees it: a head, a line a phase, findings, and the next command.
//!
//! A pure function of the plan. Understandable without colour: each phase has a symbol and words. The JSON form is
//! `plan/json.rs`. Tests: `tests/it/plan.rs`.

mod changes;
mod json;

use segue_model::finding::{Finding, Severity};
use segue_model::plan::{Condition, Gate, Phase, Plan, Step};
use segue_model::units::Millis;

use crate::text::{Cell, Page, Style, about, cell, columns, count, short};

pub use json::plan_json;

/// How much of a plan is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Detail {
    /// A line a phase.
    #[default]
    Summary,
    /// Also each table's old and new form.
    Changes,
    /// Also each step.
    Full,
}

/// The plan at [`Detail::Summary`], folded at `width` columns.
pub fn plan_text(plan: &Plan, width: usize, color: bool) -> String {
    plan_text_at(plan, Detail::Summary, width, color)
}

/// The plan with as much detail as asked, folded at `width` columns.
pub fn plan_text_at(plan: &Plan, detail: Detail, width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    head(&mut page, plan);
    for phase in &plan.phases {
        phase_line(&mut page, plan, phase);
        if detail == Detail::Full {
            phase.steps.iter().for_each(|step| step_lines(&mut page, step));
        }
    }
    if detail >= Detail::Changes {
        changes::lines(&mut page, plan);
    }
    findings(&mut page, plan, detail);
    last_line(&mut page, plan);
    page.finish()
}

fn head(page: &mut Page, plan: &Plan) {
    let title = if plan.name.is_empty() { plan.id.clone() } else { format!("{} {}", plan.id, plan.name) };
    let from = format!("(spec {}, segue {})", short(&plan.execution.spec_digest), plan.segue);
    page.line(0, 2, &[cell(title).style(Style::Bold), cell(format!("plan {}", short(&plan.digest))), cell(from).style(Style::Dim)]);
    let reason = plan.findings.iter().find(|finding| finding.code == "SG-PLAN-025").map(|finding| format!(": {}", finding.message));
    let risk = cell(format!("Risk {}{}", plan.risk.to_uppercase(), reason.unwrap_or_default())).style(level(&plan.risk));
    let pause = if plan.pause_ms == 0 { "Write pause none".to_owned() } else { format!("Write pause ≤ {} ms", plan.pause_ms) };
    let rollback = format!("Rollback {}, loss-free until `contract`", plan.rollback);
    page.line(2, 4, &[cell(format!("Type {} change", plan.kinds.join(" + "))), risk, cell(pause), cell(rollback)]);
    let mut tables = vec![count(plan.execution.tables.len(), "table")];
    if !plan.execution.new_tables.is_empty() {
        tables.push(format!("{} new", plan.execution.new_tables.len()));
    }
    let place = cell(format!("{} on {} ({})", tables.join(", "), plan.execution.system, plan.execution.engine));
    let seconds = plan.phases.iter().map(|phase| phase.estimate.seconds).sum();
    let open = cell(format!("not checked: {}", plan.not_checked.len())).style(Style::Dim);
    page.line(2, 4, &[place, cell(format!("machine time {}", about(seconds))), open]);
}

fn level(risk: &str) -> Style {
    match risk {
        "low" => Style::Good,
        "medium" => Style::Warn,
        _ => Style::Bad,
    }
}

/// A phase has steps that cannot be undone.
fn is_final(phase: &Phase) -> bool {
    phase.steps.iter().any(|step| step.reversible == "no")
}

fn phase_line(page: &mut Page, plan: &Plan, phase: &Phase) {
    let (symbol, style) = match phase.name.as_str() {
        _ if is_final(phase) => ("!", Style::Bad),
        "verify" | "shift" => ("~", Style::Warn),
        _ => ("+", Style::Good),
    };
    let wide = |text: fn(&Phase) -> String| plan.phases.iter().map(|phase| columns(&text(phase))).max().unwrap_or(0);
    let named = wide(|phase| phase.name.clone()) + 2;
    let name = cell(format!("{symbol} {}", phase.name)).style(style).pad(named);
    let steps = cell(count(phase.steps.len(), "step")).pad(8);
    let time = cell(about(phase.estimate.seconds)).style(Style::Dim).pad(7);
    let (back, gate) = (wide(way_back), wide(gates));
    // Where a line holds all, the columns stand under each other; else the figure comes before what may fold.
    if page.fits(2 + named + 8 + back + gate + 7 + 12) {
        page.line(2, 6, &[name, steps, cell(way_back(phase)).pad(back), blank_or(gates(phase)).pad(gate), time]);
    } else {
        page.line(2, 6, &[name, steps, time, cell(way_back(phase)), cell(gates(phase))]);
    }
}

/// An empty cell that keeps its place.
fn blank_or(text: String) -> Cell {
    if text.is_empty() { cell("-").style(Style::Dim) } else { cell(text) }
}

fn way_back(phase: &Phase) -> String {
    if is_final(phase) {
        return "NOT reversible after this".to_owned();
    }
    let how = match phase.name.as_str() {
        "prepare" => "remove the control table",
        "expand" => "drop the new form",
        "backfill" => "what was filled goes with `expand`",
        "verify" => "it only reads",
        "shift" => "the old form still works",
        _ => "undo each step",
    };
    format!("reversible: {how}")
}

fn gates(phase: &Phase) -> String {
    let all: Vec<&Gate> = phase.entry.iter().chain(&phase.gates).collect();
    let mut parts = Vec::new();
    let rejected = all.iter().filter(|gate| matches!(gate.condition, Condition::RowsRejected { .. })).count();
    if rejected > 0 {
        parts.push("0 rows rejected".to_owned());
    }
    for gate in all {
        match &gate.condition {
            Condition::Approval => parts.push("approval".to_owned()),
            Condition::Waited { since, at_least_ms } => parts.push(format!("{} after `{since}`", Millis(*at_least_ms))),
            Condition::Check { name } => parts.push(format!("check `{name}`")),
            Condition::RowsRejected { .. } => {}
        }
    }
    if parts.is_empty() { String::new() } else { format!("gate: {}", parts.join(", ")) }
}

fn step_lines(page: &mut Page, step: &Step) {
    page.line(6, 8, &[cell(&step.id).style(Style::Bold), cell(&step.what)]);
    let back = if step.reversible == "no" { "final" } else { "undo" };
    page.line(8, 10, &[cell(format!("why: {}", step.why)).style(Style::Dim)]);
    page.line(8, 10, &[cell(format!("lock: {}", step.lock))]);
    page.line(8, 10, &[cell(format!("{back}: {} (loses {})", step.undo.what, step.undo.loses))]);
}

fn findings(page: &mut Page, plan: &Plan, detail: Detail) {
    let worth = |finding: &&Finding| detail >= Detail::Changes || finding.severity >= Severity::Medium;
    let shown: Vec<&Finding> = plan.findings.iter().filter(worth).collect();
    for (at, finding) in shown.iter().enumerate() {
        finding_lines(page, finding);
        // What helps against several in a row is said once.
        let again = shown.get(at + 1).is_some_and(|next| next.fix == finding.fix);
        if !finding.fix.is_empty() && !again {
            page.line(4, 6, &[cell(format!("help: {}", finding.fix))]);
        }
    }
    if detail >= Detail::Changes {
        for gap in &plan.not_checked {
            page.line(2, 4, &[cell(format!("not checked: {gap}")).style(Style::Dim)]);
        }
    }
}

/// A finding: severity and code first, what, and what to do.
fn finding_lines(page: &mut Page, finding: &Finding) {
    let (word, style) = match finding.severity {
        Severity::Info => ("info", Style::Dim),
        Severity::Low => ("low", Style::Plain),
        Severity::Medium => ("medium", Style::Warn),
        Severity::High => ("high", Style::Bad),
        Severity::Critical => ("critical", Style::Bad),
    };
    let head: Cell = cell(format!("{word}[{}]", finding.code)).style(style);
    page.line(2, 4, &[head, cell(format!("{}: {}", finding.object, finding.message)).flows()]);
}

fn last_line(page: &mut Page, plan: &Plan) {
    let steps: Vec<&Step> = plan.phases.iter().flat_map(|phase| &phase.steps).collect();
    let last = steps.iter().filter(|step| step.reversible == "no").count();
    let gates: usize = plan.phases.iter().map(|phase| phase.entry.len() + phase.gates.len()).sum();
    let sum = format!("Plan: {}, {} reversible, {last} final, {}.", count(steps.len(), "step"), steps.len() - last, count(gates, "gate"));
    page.line(0, 2, &[cell(sum).style(Style::Bold), cell("Next: segue plan -o plan.segue, then segue approve plan.segue")]);
}
