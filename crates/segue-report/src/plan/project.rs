//! What a plan says beside its phases and steps: dates, work, risks, checklists, and what must be known first.
//!
//! Nothing where the plan says nothing, so that a plan without it reads as before. Tests: `tests/it/plan_kinds.rs`.

use segue_model::plan::{Phase, Plan};

use super::{Detail, dates, level, say};
use crate::text::{Page, Style, cell, count};

/// How many of a list a summary shows before it counts the rest.
const SUMMARY: usize = 5;

/// `61 objects auto, 2 manual`.
pub(super) fn verdicts(plan: &Plan) -> String {
    let parts: Vec<String> = say::verdicts(plan)
        .into_iter()
        .enumerate()
        .map(|(at, (number, name))| {
            let objects = if at == 0 { " objects" } else { "" };
            format!("{}{objects} {}", say::thousands(number), name.replace('-', " "))
        })
        .collect();
    parts.join(", ")
}

/// When it ends, how much work it is, and what that costs.
pub(super) fn dates(page: &mut Page, plan: &Plan) {
    let program = &plan.program;
    let mut cells = Vec::new();
    if program.start.is_some() {
        cells.push(cell(format!("Start {}", dates::starts(plan, 0))));
    }
    if let Some(end) = &program.duration {
        let of = |name: &str, seconds| cell(format!("{name} {}", dates::finish_short(plan, seconds)));
        cells.extend([of("P50", end.p50_s), of("P80", end.p80_s).style(Style::Bold), of("P95", end.p95_s)]);
    }
    cells.extend(program.effort.as_ref().filter(|effort| effort.p95_s > 0).map(|effort| cell(format!("effort {}", say::effort(effort)))));
    cells.extend(program.cost.as_ref().map(|cost| cell(format!("cost P50 {}, P80 {}", say::money(&cost.p50), say::money(&cost.p80)))));
    if !cells.is_empty() {
        page.line(2, 4, &cells);
    }
}

/// A phase's goal, order, people, windows and gates.
pub(super) fn phase_lines(page: &mut Page, phase: &Phase) {
    let project = &phase.project;
    if *project == segue_model::plan::PhaseProject::default() {
        return;
    }
    page.line(6, 8, &[cell(format!("goal: {}", phase.goal))]);
    let mut facts = Vec::new();
    if !project.after.is_empty() {
        facts.push(format!("after {}", project.after.join(", ")));
    }
    facts.push(format!("risk {}", phase.risk));
    if !project.owner.is_empty() {
        facts.push(format!("owner {}", project.owner));
    }
    facts.push(format!("users notice: {}", phase.user_impact));
    if project.criticality_permille > 0 {
        facts.push(format!("on the critical path in {} % of the runs", dates::tenths(u64::from(project.criticality_permille), 10)));
    }
    page.line(6, 8, &facts.iter().map(cell).collect::<Vec<_>>());
    for window in &project.windows {
        page.line(6, 8, &[cell(format!("window: {}", say::window(window)))]);
    }
    if let Some(hold) = &project.hold {
        page.line(6, 8, &[cell(format!("held for {} ({})", say::time(hold.seconds), hold.from))]);
    }
    for (where_, gate) in say::all_gates(phase) {
        let text = format!("gate {where_}: {} [{}]", gate.what, say::condition(&gate.condition));
        page.line(6, 8, &[cell(text), cell(format!("({})", gate.from)).style(Style::Dim)]);
    }
    back_lines(page, phase);
}

fn back_lines(page: &mut Page, phase: &Phase) {
    if phase.project.rollback.how.is_empty() {
        return;
    }
    let time = say::seconds_back(phase).map_or_else(|| "time not known".to_owned(), say::time);
    let mut line = format!("way back: {}; {time}, loses {}", say::way_back(phase), say::lost(phase));
    if !phase.project.rollback.verify.is_empty() {
        line.push_str(&format!(", verified by {}", phase.project.rollback.verify));
    }
    page.line(6, 8, &[cell(line)]);
}

/// What stands after the phases: what is needed, risks, drivers, checklists.
pub(super) fn lines(page: &mut Page, plan: &Plan, detail: Detail) {
    needed(page, plan, detail);
    rehearsed(page, plan);
    if detail >= Detail::Changes {
        risks(page, plan);
        drivers(page, plan);
        checklists(page, plan);
        triggers(page, plan);
    }
}

/// When the whole plan was last tried on a clone.
fn rehearsed(page: &mut Page, plan: &Plan) {
    if let Some(rehearsal) = &plan.program.rehearsal {
        let rows = if rehearsal.whole { "every row" } else { "a sample" };
        let (forward, back) = (say::time(rehearsal.forward_ms.div_ceil(1_000)), say::time(rehearsal.back_ms.div_ceil(1_000)));
        let text = format!("rehearsed {} with {rows}: forward in {forward}, back in {back}", rehearsal.at);
        page.line(2, 4, &[cell(text).style(Style::Good)]);
    }
}

fn needed(page: &mut Page, plan: &Plan, detail: Detail) {
    let all = &plan.program.needed;
    if all.is_empty() {
        return;
    }
    page.line(2, 4, &[cell(format!("needed before start: {}", count(all.len(), "answer"))).style(Style::Warn)]);
    let shown = if detail >= Detail::Changes { all.len() } else { SUMMARY.min(all.len()) };
    for needed in &all[..shown] {
        page.line(4, 6, &[cell(format!("? {}", needed.what)), cell(format!("→ {}", needed.spec_key)).style(Style::Bold)]);
    }
    if shown < all.len() {
        page.line(4, 6, &[cell(format!("and {} more: segue plan --detail changes", all.len() - shown)).style(Style::Dim)]);
    }
}

fn risks(page: &mut Page, plan: &Plan) {
    if plan.program.risks.is_empty() {
        return;
    }
    page.line(2, 4, &[cell(format!("risks: {}", plan.program.risks.len())).style(Style::Bold)]);
    for risk in &plan.program.risks {
        let figures = format!("{} {} {} → {}", risk.id, risk.level.to_uppercase(), risk.rpn, risk.residual_rpn);
        page.line(4, 6, &[cell(figures).style(level(&risk.level)), cell(&risk.what).flows()]);
        page.line(6, 8, &[cell(format!("against it: {}", risk.mitigation)), cell(format!("shown by: {}", risk.trigger))]);
        page.line(6, 8, &[cell(format!("from: {}", risk.evidence)).style(Style::Dim)]);
    }
}

fn drivers(page: &mut Page, plan: &Plan) {
    for driver in &plan.program.drivers {
        let share = dates::tenths(u64::from(driver.share_permille), 10);
        page.line(2, 4, &[cell(format!("moves the end: {} ({share} %)", driver.id)), cell(format!("narrower by: {}", driver.narrow))]);
    }
}

fn checklists(page: &mut Page, plan: &Plan) {
    for list in &plan.program.checklists {
        let state = |word: &str| list.items.iter().filter(|item| item.state == word).count();
        let must = list.items.iter().filter(|item| item.must && item.state == "open").count();
        let text = format!(
            "checklist {}: {}, {} done, {} open ({must} of them must be done), {} not applicable",
            list.id,
            count(list.items.len(), "item"),
            state("done"),
            state("open"),
            state("not-applicable"),
        );
        page.line(2, 4, &[cell(text)]);
    }
}

fn triggers(page: &mut Page, plan: &Plan) {
    for trigger in &plan.program.triggers {
        let text = format!("trigger: {} → {}", trigger.when, trigger.action);
        page.line(2, 4, &[cell(text), cell(format!("measured by {} ({})", trigger.measured_by, trigger.from)).style(Style::Dim)]);
    }
}
