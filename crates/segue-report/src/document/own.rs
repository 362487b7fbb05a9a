//! Segue's own order: the answer first, then dates, risks, phases, lists, and what is open.
//!
//! Tests: `tests/it/document.rs`.

use segue_model::plan::Plan;

use super::markdown::Markdown;
use super::{part, phase, reading};
use crate::plan::{dates, say};

/// The document.
pub(super) fn write(page: &mut Markdown, plan: &Plan) {
    page.heading(1, &format!("{} {}", plan.id, plan.name)).para(&plan.program.why);
    glance(page, plan);
    page.heading(2, "Now and then");
    part::states(page, plan);
    page.heading(2, "Pattern").fact(&plan.pattern.name, &plan.pattern.why);
    for other in &plan.pattern.not {
        page.fact(&format!("not {}", other.name), &other.why);
    }
    back(page, plan);
    schedule(page, plan);
    page.heading(2, "Risks");
    part::risks(page, plan);
    page.heading(2, "Triggers");
    part::triggers(page, plan);
    page.heading(2, "Phases");
    for each in &plan.phases {
        page.heading(3, &each.name)
            .line("Goal", &each.goal)
            .fact("After", &each.project.after.join(", "))
            .fact("Owner", &each.project.owner);
        page.fact("Users notice", &each.user_impact).fact("Risk", &each.risk);
        page.fact("Window", &each.project.windows.iter().map(say::window).collect::<Vec<_>>().join("; "));
        page.heading(4, "Tasks and steps");
        phase::tasks(page, each);
        phase::commands(page, plan, each);
        phase::code_changes(page, each, 4);
        page.heading(4, "There when it is over");
        phase::deliverables(page, each);
        if !each.entry.is_empty() || !each.gates.is_empty() {
            page.heading(4, "Gates");
            part::gates(page, each);
        }
    }
    page.heading(2, "Rollback");
    part::rollback(page, plan, 3);
    page.heading(2, "Checklists");
    part::checklists(page, plan, 3);
    page.heading(2, "Who is told what");
    part::comms(page, plan);
    figures(page, plan);
    part::open(page, plan, 2);
    page.para(&format!(
        "Plan {} by Segue {}, profile {}, model {}.",
        plan.digest,
        plan.segue,
        or(&plan.program.profile),
        or(&plan.program.model)
    ));
}

fn or(name: &str) -> &str {
    if name.is_empty() { "of its own" } else { name }
}

fn glance(page: &mut Markdown, plan: &Plan) {
    page.fact("Type", &say::kinds(plan))
        .fact("Risk", &plan.risk)
        .fact("Write pause", &say::downtime_words(plan))
        .fact("Rollback", &say::rollback(plan));
    if let Some(end) = &plan.program.duration {
        let all = [("P50", end.p50_s), ("P80", end.p80_s), ("P95", end.p95_s)]
            .map(|(name, second)| format!("{name} {}", dates::finish(plan, second)));
        page.fact("Done", &all.join(", "));
    }
    page.fact("Effort", &plan.program.effort.as_ref().map(say::effort).unwrap_or_default());
    let cost =
        plan.program.cost.as_ref().map(|cost| format!("P50 {}, P80 {} ({})", say::money(&cost.p50), say::money(&cost.p80), cost.from));
    page.fact("Cost", &cost.unwrap_or_default()).fact("Volume", &reading::volume(plan).join("; "));
}

fn back(page: &mut Markdown, plan: &Plan) {
    page.heading(2, "Can we go back?");
    let answer = match say::loss_free_until(plan) {
        None => "Yes, without loss, from every phase.".to_owned(),
        Some(phase) => format!("Yes, without loss, until `{phase}`."),
    };
    let rows: Vec<Vec<String>> = plan
        .phases
        .iter()
        .map(|phase| {
            let possible = if say::is_final(phase) {
                "no"
            } else if say::loses(phase) {
                "with loss"
            } else {
                "yes"
            };
            let known = say::seconds_back(phase).map_or_else(|| "not known".to_owned(), say::time);
            let time = if say::is_final(phase) { String::new() } else { known };
            vec![phase.name.clone(), possible.to_owned(), say::way_back(phase), time, say::lost(phase).to_owned()]
        })
        .collect();
    page.para(&answer).table(&["From", "Possible", "How", "Time", "Lost"], &rows);
}

fn schedule(page: &mut Markdown, plan: &Plan) {
    page.heading(2, "When");
    let row = |phase: &segue_model::plan::Phase| {
        let (starts, ends) = (phase.project.starts?, phase.project.ends?);
        let end = |second| dates::ends(plan, second);
        Some(vec![
            phase.name.clone(),
            phase.project.after.join(", "),
            dates::starts(plan, starts.p50_s),
            end(ends.p50_s),
            end(ends.p80_s),
            end(ends.p95_s),
            phase.project.work.as_ref().map(say::spread).unwrap_or_default(),
        ])
    };
    let rows: Vec<Vec<String>> = plan.phases.iter().filter_map(row).collect();
    if rows.is_empty() {
        page.para("No dates could be estimated; what is missing stands under Needed before start.");
    } else {
        page.table(&["Phase", "After", "Starts", "Ends P50", "Ends P80", "Ends P95", "Work"], &rows);
    }
    for driver in &plan.program.drivers {
        let share = dates::tenths(u64::from(driver.share_permille), 10);
        page.bullet(&format!("{} moves the end most: {share} % of the uncertainty; narrower by: {}", driver.id, driver.narrow));
    }
}

fn figures(page: &mut Markdown, plan: &Plan) {
    page.heading(2, "Figures and where they come from");
    let rows: Vec<Vec<String>> =
        plan.program.figures.iter().map(|(id, figure)| vec![say::words(id), figure.value.clone(), figure.from.clone()]).collect();
    if rows.is_empty() {
        page.para("None beside those above.");
    } else {
        page.table(&["Figure", "Value", "From"], &rows);
    }
}
