//! The section order of requirement document 001: summary, states, phases, rollback, risks, tests, monitoring, after.
//!
//! Tests: `tests/it/document.rs`.

use segue_model::plan::Plan;

use super::markdown::Markdown;
use super::{part, phase, reading};
use crate::plan::say;

/// The document.
pub(super) fn write(page: &mut Markdown, plan: &Plan) {
    page.heading(1, &format!("{} {}", plan.id, plan.name)).para(&plan.program.why);
    page.heading(2, "Migration Plan Summary");
    page.fact("Migration Type", &say::kinds(plan)).fact("Risk Level", &plan.risk);
    page.fact("Estimated Duration", &or_open(reading::duration(plan))).fact("Downtime Required", &reading::downtime(plan));
    page.fact("Rollback Possible", &reading::rollback_possible(plan));
    page.heading(2, "Current vs Target State");
    part::states(page, plan);
    phases(page, plan);
    page.heading(2, "Rollback Strategy").heading(3, "Rollback Triggers");
    part::triggers(page, plan);
    page.heading(3, "Rollback Procedure").para("From the phase that is in work back to the one before it; last first.");
    part::rollback(page, plan, 4);
    page.heading(2, "Risk Mitigation");
    part::risks(page, plan);
    tests(page, plan);
    page.heading(2, "Monitoring & Validation").heading(3, "Key Metrics to Monitor");
    part::points(page, &reading::metrics(plan), "The plan watches no metric beside its gates.");
    page.heading(3, "Validation Queries");
    part::validation(page, plan);
    page.heading(2, "Post-Migration Tasks");
    for (title, id) in [("Week 1", "week-1"), ("Week 2-4", "month-1"), ("Month 2-3", "month-3")] {
        page.heading(3, title);
        part::checklist(page, plan, id, "Nothing is planned for then.");
    }
    page.heading(2, "Success Criteria");
    part::boxes(page, &reading::criteria(plan), "None was set.");
    part::open(page, plan, 2);
}

fn or_open(text: String) -> String {
    if text.is_empty() { "not estimated: see Needed before start".to_owned() } else { text }
}

fn phases(page: &mut Markdown, plan: &Plan) {
    page.heading(2, "Migration Phases");
    for (at, each) in plan.phases.iter().enumerate() {
        let days = reading::days(plan, each);
        let days = if days.is_empty() { String::new() } else { format!(" ({days})") };
        page.heading(3, &format!("Phase {at}: {}{days}", each.name)).line("Goal", &each.goal);
        page.fact("After", &each.project.after.join(", ")).fact("Owner", &each.project.owner).fact("Users notice", &each.user_impact);
        page.heading(4, "Tasks");
        phase::tasks(page, each);
        if at == 0 {
            page.heading(4, "Dependency Analysis").fence("json", &dependencies(plan));
        }
        if each.steps.iter().any(|step| step.outside.command.is_some()) || plan.runs() {
            page.heading(4, "Commands");
            phase::commands(page, plan, each);
        }
        phase::code_changes(page, each, 4);
        if !each.entry.is_empty() || !each.gates.is_empty() {
            page.heading(4, "Gates");
            part::gates(page, each);
        }
    }
    page.heading(3, "Cutover Checklist");
    part::checklist(page, plan, "cutover", "The plan has no cut-over: nothing is switched at one moment.");
}

/// The JSON that the document asks for.
fn dependencies(plan: &Plan) -> String {
    let value = serde_json::json!({
        "blocking_dependencies": reading::dependencies(plan, true), "optional_dependencies": reading::dependencies(plan, false),
    });
    format!("{value:#}")
}

fn tests(page: &mut Markdown, plan: &Plan) {
    let tests = reading::tests(plan);
    page.heading(2, "Testing Plan").heading(3, "Pre-Migration Testing");
    part::boxes(page, &tests.before, "The plan tests nothing before users may notice something.");
    page.heading(3, "Migration Testing");
    part::boxes(page, &tests.during, "No test runs while users may notice something.");
    page.heading(3, "After it");
    part::boxes(page, &tests.after, "No test is planned for afterwards.");
}
