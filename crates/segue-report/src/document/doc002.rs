//! The section order of requirement document 002: overview, analysis, strategy, phases, risks by level, rollback by
//! phase, monitoring, communication, tests, prerequisites, criteria, lessons.
//!
//! Tests: `tests/it/document.rs`.

use segue_model::plan::program::Risk;
use segue_model::plan::{Phase, Plan};

use super::markdown::Markdown;
use super::{part, phase, reading};
use crate::plan::say;

/// The document.
pub(super) fn write(page: &mut Markdown, plan: &Plan) {
    page.heading(2, &format!("Migration Plan: {} {}", plan.id, plan.name));
    overview(page, plan);
    analysis(page, plan);
    page.heading(3, "Migration Strategy").fact("Pattern", &plan.pattern.name).fact("Rationale", &plan.pattern.why);
    for other in &plan.pattern.not {
        page.fact(&format!("Not {}", other.name), &other.why);
    }
    page.heading(3, "Migration Phases");
    for (at, each) in plan.phases.iter().enumerate() {
        one_phase(page, plan, at, each);
    }
    risks(page, plan);
    page.heading(3, "Rollback Plans");
    for (at, each) in plan.phases.iter().enumerate() {
        page.heading(4, &format!("Phase {} Rollback", at + 1)).fact("Trigger", &triggers(plan, each));
        part::rollback_facts(page, each);
    }
    page.heading(3, "Monitoring & Validation").heading(4, "Metrics to Monitor");
    part::points(page, &reading::metrics(plan), "The plan watches no metric beside its gates.");
    page.heading(4, "Validation Checks");
    part::boxes(page, &reading::criteria(plan), "None was set.");
    page.heading(3, "Communication Plan").heading(4, "Stakeholders");
    part::comms(page, plan);
    tests(page, plan);
    page.heading(3, "Prerequisites");
    part::checklist(page, plan, "before", "The plan has no list of its own for this; see Needed before start.");
    page.heading(3, "Success Criteria");
    part::boxes(page, &reading::criteria(plan), "None was set.");
    page.heading(3, "Lessons Learned Template").para("Filled after the run from its journal by `segue report --retrospective`:");
    for question in ["What went well", "What did not go well", "What we would do differently", "Recommendations for future migrations"] {
        page.bullet(question);
    }
    part::open(page, plan, 3);
}

fn overview(page: &mut Markdown, plan: &Plan) {
    let (source, target) = reading::sides(plan);
    page.heading(3, "Overview")
        .fact("Source", &open(source))
        .fact("Target", &open(target))
        .fact("Rationale", &open(plan.program.why.clone()));
    page.fact("Estimated Duration", &open(reading::duration(plan))).fact("Risk Level", &plan.risk);
}

fn open(text: String) -> String {
    if text.is_empty() { "not stated: see Needed before start".to_owned() } else { text }
}

fn analysis(page: &mut Markdown, plan: &Plan) {
    let blocking = reading::dependencies(plan, true).into_iter().map(|one| format!("{one}, blocking"));
    let all: Vec<String> = blocking.chain(reading::dependencies(plan, false)).collect();
    page.heading(3, "Current State Analysis").fact("Architecture", &open(reading::sides(plan).0));
    page.fact("Dependencies", &if all.is_empty() { "none stated and none seen".to_owned() } else { all.join("; ") });
    page.fact("Data Volume", &open(reading::volume(plan).join("; ")));
    page.fact("Traffic", &open(reading::figures(plan, &["tps", "traffic", "request", "load"]).join("; ")));
    page.fact("Constraints", &reading::limits(plan).join("; "));
}

fn one_phase(page: &mut Markdown, plan: &Plan, at: usize, each: &Phase) {
    let days = reading::days(plan, each);
    let days = if days.is_empty() { String::new() } else { format!(" ({days})") };
    page.heading(4, &format!("Phase {}: {}{days}", at + 1, each.name)).line("Goal", &each.goal).para("Tasks:");
    phase::tasks(page, each);
    page.para("Deliverables:");
    phase::deliverables(page, each);
    if !each.entry.is_empty() || !each.gates.is_empty() {
        page.para("Gates:");
        part::gates(page, each);
    }
    page.line("Risk", &format!("{} – users notice: {}", each.risk, each.user_impact));
    page.line("Rollback", &if say::is_final(each) { format!("not possible; lost: {}", say::lost(each)) } else { say::way_back(each) });
}

fn risks(page: &mut Markdown, plan: &Plan) {
    page.heading(3, "Risk Assessment");
    for (title, levels) in [("High Risks", &["critical", "high"][..]), ("Medium Risks", &["medium"][..]), ("Low Risks", &["low"][..])] {
        page.heading(4, title);
        let chosen: Vec<&Risk> = plan.program.risks.iter().filter(|risk| levels.contains(&risk.level.as_str())).collect();
        if chosen.is_empty() {
            page.para("None.");
        }
        for risk in chosen {
            page.heading(5, &format!("{}: {}", risk.id, risk.what))
                .fact("Impact", &format!("{} ({} of 10)", say::impact(risk.severity), risk.severity));
            page.fact("Probability", &format!("{} ({} of 10)", say::probability(risk.occurrence), risk.occurrence));
            page.fact("Mitigation", &risk.mitigation).fact("Trigger", &risk.trigger).fact("Rollback", &risk.rollback);
            page.fact("RPN", &format!("{}, after the mitigation {}", risk.rpn, risk.residual_rpn)).fact("Evidence", &risk.evidence);
        }
    }
}

/// What leads back from a phase.
fn triggers(plan: &Plan, phase: &Phase) -> String {
    let watching = plan.program.triggers.iter().filter(|one| {
        one.action == "rollback"
            && (one.phases.contains(&phase.name) || one.phases.is_empty() && !matches!(phase.user_impact.as_str(), "" | "none"))
    });
    let all: Vec<String> = watching.map(|one| one.when.to_string()).collect();
    if all.is_empty() { "a gate that stays closed, or a person's word".to_owned() } else { all.join("; ") }
}

fn tests(page: &mut Markdown, plan: &Plan) {
    let tests = reading::tests(plan);
    page.heading(3, "Testing Strategy");
    for (title, list) in [("Pre-Migration Testing", tests.before), ("During Migration", tests.during), ("Post-Migration", tests.after)] {
        page.heading(4, title);
        part::points(page, &list, "The plan has no test of its own for this.");
    }
}
