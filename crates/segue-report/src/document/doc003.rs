//! The section order of requirement document 003: breaking changes, the timeline with its states, data, rollout,
//! rollback, communication, validation.
//!
//! Tests: `tests/it/document.rs`.

use segue_model::plan::Plan;
use segue_model::plan::program::Aspect;

use super::markdown::Markdown;
use super::{part, phase, reading};
use crate::plan::{dates, say};
use crate::tracker;

/// The document.
pub(super) fn write(page: &mut Markdown, plan: &Plan) {
    page.heading(2, &format!("Migration Strategy: {}", if plan.name.is_empty() { &plan.id } else { &plan.name }));
    overview(page, plan);
    breaking(page, plan);
    timeline(page, plan);
    data(page, plan);
    rollout(page, plan);
    page.heading(3, "Rollback Procedures").heading(4, "Automated Rollback Triggers");
    part::triggers(page, plan);
    page.heading(4, "Manual Rollback Steps");
    part::rollback(page, plan, 5);
    page.heading(3, "Communication Plan").heading(4, "Stakeholder Communication Matrix");
    part::comms(page, plan);
    page.heading(4, "Communication Templates").para("Each message with its figures and dates filled in:").fence("sh", "segue notify");
    page.heading(3, "Validation & Verification").heading(4, "Post-Migration Validation");
    let tests = reading::tests(plan);
    part::boxes(page, &[tests.during, tests.after].concat(), "No check runs after the change.");
    part::validation(page, plan);
    page.heading(3, "Success Criteria");
    part::boxes(page, &reading::criteria(plan), "None was set.");
    page.heading(3, "Risks");
    part::risks(page, plan);
    page.heading(3, "Checklists");
    part::checklists(page, plan, 4);
    part::open(page, plan, 3);
}

fn severity(plan: &Plan) -> &'static str {
    match plan.risk.as_str() {
        "critical" => "Critical",
        "high" => "Major",
        _ => "Minor",
    }
}

fn overview(page: &mut Markdown, plan: &Plan) {
    let tasks: Vec<String> = (0..plan.phases.len()).map(|at| tracker::id(at, 0)).collect();
    let scope: Vec<&str> = plan.program.overview.iter().map(|line| line.aspect.as_str()).collect();
    let scope = if scope.is_empty() { say::kinds(plan) } else { scope.join(", ") };
    let timeline = match (&plan.program.start, &plan.program.duration) {
        (Some(_), Some(end)) => format!("{} → {} (P80)", dates::starts(plan, 0), dates::finish(plan, end.p80_s)),
        (None, Some(end)) => format!("{} from its start (P80)", dates::finish(plan, end.p80_s)),
        _ => "not estimated: see Needed before start".to_owned(),
    };
    page.heading(3, "Overview").fact("Migration ID", &plan.id).fact("Related Tasks", &tasks.join(", ")).fact("Severity", severity(plan));
    page.fact("Impact Scope", &scope).fact("Timeline", &timeline).fact("Why", &plan.program.why);
}

fn breaking(page: &mut Markdown, plan: &Plan) {
    page.heading(3, "Breaking Changes Analysis");
    for (at, line) in plan.program.overview.iter().enumerate() {
        change(page, plan, at + 1, line);
    }
    page.heading(4, "Breaking Aspects");
    let found: Vec<String> = reading::breaking(plan).map(reading::finding).collect();
    part::points(page, &found, "Segue found nothing that breaks a client; what it did not look at stands under Not checked.");
}

fn change(page: &mut Markdown, plan: &Plan, number: usize, line: &Aspect) {
    let noticed: Vec<String> = plan
        .phases
        .iter()
        .filter(|phase| !matches!(phase.user_impact.as_str(), "" | "none"))
        .map(|phase| format!("{} ({})", phase.user_impact, phase.name))
        .collect();
    page.heading(4, &format!("Change {number}: {}", line.aspect)).fact("Type", &say::kinds(plan)).fact("Before", &line.current);
    page.fact("After", &line.target).fact("What must change", &line.change);
    page.fact("User Impact", &if noticed.is_empty() { "none that the plan knows of".to_owned() } else { noticed.join("; ") });
    let depends: Vec<String> = [reading::dependencies(plan, true), reading::dependencies(plan, false)].concat();
    page.fact(
        "Affected Components",
        &if depends.is_empty() { "none stated and none seen beside it".to_owned() } else { depends.join("; ") },
    );
}

fn timeline(page: &mut Markdown, plan: &Plan) {
    page.heading(3, "Deprecation Timeline");
    for (at, each) in plan.phases.iter().enumerate() {
        let days = reading::days(plan, each);
        let status = match crate::plan::symbol(plan, each) {
            "!" => "the old side ends",
            "~" => "both sides are supported, users may notice",
            _ => "nobody notices",
        };
        let days = if days.is_empty() { String::new() } else { format!(" ({days})") };
        page.heading(4, &format!("Phase {}: {}{days}", at + 1, each.name));
        page.fact(
            "Start Date",
            &each.project.starts.map_or_else(|| "not estimated".to_owned(), |starts| dates::starts(plan, starts.p50_s)),
        );
        page.fact("Status", status).para("Actions:");
        phase::tasks(page, each);
        page.para("Success Metrics:");
        if each.entry.is_empty() && each.gates.is_empty() {
            page.check(false, &each.goal);
        }
        part::gates(page, each);
    }
}

fn data(page: &mut Markdown, plan: &Plan) {
    page.heading(3, "Data Migration Strategy").heading(4, "Data Schema Changes");
    part::states(page, plan);
    part::points(page, &reading::volume(plan), "");
    page.heading(4, "Migration Script");
    if plan.runs() {
        page.para("Segue runs every step and keeps a journal; killed at any moment, the same command goes on.");
        page.fence("sh", "segue apply plan.segue");
    } else {
        page.para("Every step with its precondition, command, expected output and rollback, as a checked script:");
        page.fence("sh", "segue runbook --format shell");
    }
    page.heading(4, "Migration Execution Plan");
    let last = plan.phases.len().saturating_sub(1);
    for (at, each) in plan.phases.iter().enumerate() {
        let title = if at == 0 {
            "Pre-Migration"
        } else if at == last {
            "Post-Migration"
        } else {
            "Migration"
        };
        page.heading(5, &format!("{title}: {}", each.name)).para(&each.goal);
        phase::commands(page, plan, each);
        phase::code_changes(page, each, 6);
    }
}

fn rollout(page: &mut Markdown, plan: &Plan) {
    page.heading(3, "Rollout Strategy").heading(4, "Canary Deployment");
    let ladder = reading::figures(plan, &["ladder", "rollout", "canary", "hold", "shadow"]);
    let shares = plan.phases.iter().flat_map(|each| &each.steps).filter(|step| step.what.contains('%'));
    let steps: Vec<String> = shares.map(|step| format!("`{}`: {}", step.id, step.what)).collect();
    part::points(page, &[ladder, steps].concat(), "Traffic is not shifted by shares in this plan.");
    for each in plan.phases.iter().filter(|each| each.project.hold.is_some()) {
        let hold = each.project.hold.as_ref().map(|hold| format!("{} is held for {} ({})", each.name, say::time(hold.seconds), hold.from));
        page.bullet(&hold.unwrap_or_default());
    }
    page.heading(4, "Feature Flags Implementation");
    let flags: Vec<String> = plan
        .phases
        .iter()
        .flat_map(|each| &each.steps)
        .filter(|step| step.kind.contains("flag") || step.what.contains("flag"))
        .map(|step| format!("`{}`: {}", step.id, step.what))
        .collect();
    part::points(page, &flags, "The plan needs no flag.");
}
