//! The plan as a person sees it: a head, a line a phase, what is open, findings, and the next command.
//!
//! A pure function of the plan, for every kind of migration. Understandable without colour: each phase has a symbol
//! and words. The JSON form is `plan/json.rs`; what it shows beside phases is `plan/project.rs`. Tests:
//! `tests/it/plan.rs`, `tests/it/plan_kinds.rs`.

mod changes;
pub(crate) mod dates;
mod json;
mod project;
pub(crate) mod say;
mod steps;

use segue_model::finding::{Finding, Severity};
use segue_model::plan::{Condition, Gate, Phase, Plan, Step};

use crate::text::{Cell, Page, Style, about, cell, columns, count, short};

pub use json::plan_json;

/// How much of a plan is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Detail {
    /// A line a phase.
    #[default]
    Summary,
    /// Also each table's old and new form, each phase's gates, risks, and how far the checklists are.
    Changes,
    /// Also each step and task.
    Full,
}

/// The plan at [`Detail::Summary`], folded at `width` columns.
pub fn plan_text(plan: &Plan, width: usize, color: bool) -> String {
    plan_text_at(plan, Detail::Summary, width, color)
}

/// The plan with as much detail as asked, folded at `width` columns.
///
/// Dates are days of the project's calendar, which are the same in every zone; a window says its own zone.
pub fn plan_text_at(plan: &Plan, detail: Detail, width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    head(&mut page, plan);
    for phase in &plan.phases {
        phase_line(&mut page, plan, phase);
        if detail >= Detail::Changes {
            project::phase_lines(&mut page, phase);
        }
        if detail == Detail::Full {
            steps::tasks(&mut page, phase);
            phase.steps.iter().for_each(|step| steps::lines(&mut page, step));
        }
    }
    if detail >= Detail::Changes {
        changes::lines(&mut page, plan);
    }
    project::lines(&mut page, plan, detail);
    findings(&mut page, plan, detail);
    last_line(&mut page, plan);
    page.finish()
}

fn head(page: &mut Page, plan: &Plan) {
    let title = if plan.name.is_empty() { plan.id.clone() } else { format!("{} {}", plan.id, plan.name) };
    let spec = if plan.execution.is_nothing() { String::new() } else { format!("spec {}, ", short(&plan.execution.spec_digest)) };
    let from = format!("({spec}segue {})", plan.segue);
    page.line(0, 2, &[cell(title).style(Style::Bold), cell(format!("plan {}", short(&plan.digest))), cell(from).style(Style::Dim)]);
    let risk = cell(format!("Risk {}{}", plan.risk.to_uppercase(), risk_reason(plan))).style(level(&plan.risk));
    let pause = cell(format!("Write pause {}", say::downtime_words(plan)));
    let rollback = cell(format!("Rollback {}", say::rollback(plan)));
    page.line(2, 4, &[cell(format!("Type {}", say::kinds(plan))), risk, pause, rollback]);
    let open = cell(format!("not checked: {}", plan.not_checked.len())).style(Style::Dim);
    let mut what = Vec::new();
    if !plan.execution.is_nothing() {
        let mut tables = vec![count(plan.execution.tables.len(), "table")];
        if !plan.execution.new_tables.is_empty() {
            tables.push(format!("{} new", plan.execution.new_tables.len()));
        }
        let seconds = plan.phases.iter().map(|phase| phase.estimate.seconds).sum();
        what.push(cell(format!("{} on {} ({})", tables.join(", "), plan.execution.system, plan.execution.engine)));
        what.push(cell(format!("machine time {}", about(seconds))));
    }
    what.push(cell(project::verdicts(plan)));
    what.push(open);
    page.line(2, 4, &what);
    project::dates(page, plan);
}

/// Why the risk is what it is: the worst row of the register, else what makes a change of form dangerous.
fn risk_reason(plan: &Plan) -> String {
    if let Some(finding) = plan.findings.iter().find(|finding| finding.code == "SG-PLAN-025") {
        return format!(": {}", finding.message);
    }
    let worst = plan.program.risks.iter().max_by_key(|risk| (risk.rpn, std::cmp::Reverse(&risk.id)));
    worst.map_or_else(String::new, |risk| {
        let after = if risk.residual_rpn < risk.rpn { format!(" → {} after mitigation", risk.residual_rpn) } else { String::new() };
        format!(" ({} {}{after})", risk.id, risk.rpn)
    })
}

pub(crate) fn level(risk: &str) -> Style {
    match risk {
        "low" => Style::Good,
        "medium" => Style::Warn,
        _ => Style::Bad,
    }
}

/// `+` builds, `~` is noticed or decides, `!` is final.
pub(crate) fn symbol(plan: &Plan, phase: &Phase) -> &'static str {
    let schema = plan.kinds == ["schema"];
    match phase.name.as_str() {
        _ if say::is_final(phase) => "!",
        "verify" | "shift" if schema => "~",
        _ if !schema && !matches!(phase.user_impact.as_str(), "" | "none") => "~",
        _ => "+",
    }
}

fn phase_line(page: &mut Page, plan: &Plan, phase: &Phase) {
    let symbol = symbol(plan, phase);
    let style = match symbol {
        "!" => Style::Bad,
        "~" => Style::Warn,
        _ => Style::Good,
    };
    let wide = |text: &dyn Fn(&Phase) -> String| plan.phases.iter().map(|phase| columns(&text(phase))).max().unwrap_or(0);
    let named = wide(&|phase| phase.name.clone()) + 2;
    let name = cell(format!("{symbol} {}", phase.name)).style(style).pad(named);
    let steps = cell(amount(phase)).pad(8);
    let times = wide(&|phase| time_of(plan, phase)).max(7);
    let time = cell(time_of(plan, phase)).style(Style::Dim).pad(times);
    let (back, gate) = (wide(&way_back), wide(&gates));
    // Where a line holds all, the columns stand under each other; else the figure comes before what may fold.
    if page.fits(2 + named + 8 + back + gate + times + 12) {
        page.line(2, 6, &[name, steps, cell(way_back(phase)).pad(back), blank_or(gates(phase)).pad(gate), time]);
    } else {
        page.line(2, 6, &[name, steps, time, cell(way_back(phase)), cell(gates(phase))]);
    }
}

/// `3 steps`; of a phase that has only work for people, `2 tasks`.
fn amount(phase: &Phase) -> String {
    match (phase.steps.len(), phase.project.tasks.len()) {
        (0, tasks @ 1..) => count(tasks, "task"),
        (steps, _) => count(steps, "step"),
    }
}

/// How long a phase's work takes, and its days where they are known.
fn time_of(plan: &Plan, phase: &Phase) -> String {
    let Some(work) = &phase.project.work else {
        return if plan.execution.is_nothing() { "time not known".to_owned() } else { about(phase.estimate.seconds) };
    };
    let days = dates::span(plan, phase).map(|days| format!(", {days}"));
    format!("{}{}", say::spread(work), days.unwrap_or_default())
}

/// An empty cell that keeps its place.
fn blank_or(text: String) -> Cell {
    if text.is_empty() { cell("-").style(Style::Dim) } else { cell(text) }
}

fn way_back(phase: &Phase) -> String {
    if say::is_final(phase) {
        return "NOT reversible after this".to_owned();
    }
    let word = if say::loses(phase) { "reversible with loss" } else { "reversible" };
    format!("{word}: {}", say::way_back(phase))
}

/// What the phase waits for, at most three; the rest is counted.
fn gates(phase: &Phase) -> String {
    const SHOWN: usize = 3;
    let all: Vec<&Gate> = say::all_gates(phase).map(|(_, gate)| gate).collect();
    let mut parts = Vec::new();
    if all.iter().any(|gate| matches!(gate.condition, Condition::RowsRejected { .. })) {
        parts.push("0 rows rejected".to_owned());
    }
    let other = all.iter().filter(|gate| !matches!(gate.condition, Condition::RowsRejected { .. }));
    parts.extend(other.map(|gate| say::condition(&gate.condition)));
    if parts.len() > SHOWN {
        let more = parts.len() - SHOWN;
        parts.truncate(SHOWN);
        parts.push(format!("and {more} more"));
    }
    if parts.is_empty() { String::new() } else { format!("gate: {}", parts.join(", ")) }
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
    let by = |who: &str| steps.iter().filter(|step| step.by == who).count();
    let who = match (by("command"), by("manual")) {
        (0, 0) => String::new(),
        (commands, manual) => format!(" ({} by Segue, {commands} by a command, {manual} by people)", by("run")),
    };
    let sum =
        format!("Plan: {}{who}, {} reversible, {last} final, {}.", count(steps.len(), "step"), steps.len() - last, count(gates, "gate"));
    let next = if plan.runs() {
        "Next: segue plan -o plan.segue, then segue approve plan.segue"
    } else {
        "Next: segue plan --format html -o plan.html, then segue runbook"
    };
    page.line(0, 2, &[cell(sum).style(Style::Bold), cell(next)]);
}
