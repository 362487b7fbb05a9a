//! Every phase with its goal, people, steps, tasks, deliverables and gates, folded so that a page of thousands reads.
//!
//! A phase of many steps shows one of each kind whole and the others by name; what does not fit is counted, never
//! silently left out. Tests: `tests/it/html.rs`, `tests/it/html_large.rs`.

use std::collections::BTreeMap;

use segue_model::plan::{Phase, Plan, Step};

use super::escape::Html;
use super::{Extra, FULL, step, tone};
use crate::plan::{dates, say};

/// A phase of more steps than this is shown by kinds.
const MANY: usize = 60;

/// The section.
pub(super) fn section(page: &mut Html, plan: &Plan, _: &Extra<'_>) {
    page.para("lead", "Open a phase for its steps, the way back of each, and who does what.");
    for phase in &plan.phases {
        page.raw("<details class=\"phase\"><summary>");
        summary(page, plan, phase);
        page.raw("</summary><div class=\"body\">");
        about(page, plan, phase);
        tasks(page, phase);
        steps(page, phase);
        page.raw("</div></details>\n");
    }
}

fn summary(page: &mut Html, plan: &Plan, phase: &Phase) {
    let ((tone, symbol), words) = tone::back(phase);
    page.el("h3", "", &phase.name);
    let mut facts = vec![say::many(phase.steps.len() as u64, "step")];
    if !phase.project.tasks.is_empty() {
        facts.push(say::many(phase.project.tasks.len() as u64, "task"));
    }
    facts.extend(dates::span(plan, phase));
    page.el("span", "small", facts.join(" · ")).badge(tone, symbol, words);
}

fn about(page: &mut Html, plan: &Plan, phase: &Phase) {
    let project = &phase.project;
    page.para("", &phase.goal).raw("<dl class=\"facts\">");
    page.fact("After", project.after.join(", ")).fact("Owner", owner(plan, &project.owner)).fact("Users notice", &phase.user_impact);
    page.fact("Risk", &phase.risk).fact("Window", project.windows.iter().map(say::window).collect::<Vec<_>>().join("; "));
    page.fact(
        "Held after its work",
        project.hold.as_ref().map(|hold| format!("{} ({})", say::time(hold.seconds), hold.from)).unwrap_or_default(),
    );
    let work = project.work.as_ref().map(|work| format!("{}; {} ({})", say::spread(work), work.from, work.confidence));
    page.fact("Work", work.unwrap_or_default()).fact("Part", say::words(&project.part)).raw("</dl>");
    if phase.entry.len() + phase.gates.len() > 0 {
        page.raw("<h4>Gates</h4><ul class=\"plain\">");
        for (place, gate) in say::all_gates(phase).take(100) {
            page.raw("<li class=\"row\">")
                .el("span", "at", place)
                .said("span", "grow", &gate.what)
                .el("code", "", say::condition(&gate.condition))
                .raw("</li>");
        }
        page.raw("</ul>");
    }
    if !project.deliverables.is_empty() {
        page.raw("<h4>There when it is over</h4><ul>");
        for made in &project.deliverables {
            page.said("li", "", made);
        }
        page.raw("</ul>");
    }
}

/// A role with its address where the spec has one.
pub(super) fn owner(plan: &Plan, role: &str) -> String {
    let address = plan.program.owners.get(role).or_else(|| plan.execution.owners.get(role));
    address.map_or_else(|| role.to_owned(), |address| format!("{role} ({address})"))
}

fn tasks(page: &mut Html, phase: &Phase) {
    if phase.project.tasks.is_empty() {
        return;
    }
    page.raw("<h4>Tasks for people</h4><table class=\"stack\"><thead><tr><th scope=\"col\">Task</th><th scope=\"col\">Owner</th>");
    page.raw("<th scope=\"col\">Work</th><th scope=\"col\">From</th></tr></thead><tbody>");
    for (at, task) in phase.project.tasks.iter().enumerate() {
        if page.len() > FULL || at >= 300 {
            page.raw("<tr><td colspan=\"4\">")
                .text(format!("and {} more: `segue plan --detail full`", phase.project.tasks.len() - at))
                .raw("</td></tr>");
            break;
        }
        let work = if task.minutes == 0 { "not estimated".to_owned() } else { say::work(task.minutes) };
        page.raw("<tr>").cell("Task", &task.what).cell("Owner", &task.owner).cell("Work", work);
        page.cell("From", &task.from).raw("</tr>");
    }
    page.raw("</tbody></table>");
}

fn steps(page: &mut Html, phase: &Phase) {
    if phase.steps.is_empty() {
        return;
    }
    page.raw("<h4>Steps</h4>");
    if phase.steps.len() <= MANY && page.len() < FULL {
        phase.steps.iter().for_each(|each| step::write(page, each));
        return;
    }
    let mut kinds: BTreeMap<&str, Vec<&Step>> = BTreeMap::new();
    for step in &phase.steps {
        kinds.entry(&step.kind).or_default().push(step);
    }
    for (kind, steps) in kinds {
        if let [first, rest @ ..] = steps.as_slice() {
            step::write(page, first);
            by_name(page, kind, rest);
        }
    }
}

/// The names of the others of a kind, in columns.
fn by_name(page: &mut Html, kind: &str, rest: &[&Step]) {
    if rest.is_empty() {
        return;
    }
    page.raw("<details class=\"step\"><summary>").el(
        "span",
        "what",
        format!("and {} more of {}, in the same way", say::thousands(rest.len() as u64), say::words(kind)),
    );
    page.raw("</summary><div class=\"body\"><ul class=\"ids\">");
    for (at, step) in rest.iter().enumerate() {
        if page.len() > FULL {
            page.raw("</ul>")
                .para("small", format!("and {} more: `segue plan --detail full` lists each.", say::thousands((rest.len() - at) as u64)));
            page.raw("</div></details>");
            return;
        }
        page.el("li", "", &step.id);
    }
    page.raw("</ul></div></details>");
}
