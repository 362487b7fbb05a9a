//! Sections that the orders of several documents share.
//!
//! Each writes something, always: where the plan has nothing to say, the section says that. Tests: `tests/it/document.rs`.

use segue_model::plan::program::Risk;
use segue_model::plan::{Phase, Plan};

use super::markdown::Markdown;
use super::phase::shown;
use super::reading;
use crate::plan::{dates, say};

/// A list of points, or what is said where there are none.
pub(super) fn points(page: &mut Markdown, points: &[String], none: &str) {
    if points.is_empty() {
        page.para(none);
    }
    for point in points {
        page.bullet(point);
    }
}

/// The same with boxes.
pub(super) fn boxes(page: &mut Markdown, points: &[String], none: &str) {
    if points.is_empty() {
        page.para(none);
    }
    for point in points {
        page.check(false, point);
    }
}

/// Now against then: the table of states.
pub(super) fn states(page: &mut Markdown, plan: &Plan) {
    let mut rows: Vec<Vec<String>> = plan
        .program
        .overview
        .iter()
        .map(|line| [&line.aspect, &line.current, &line.target, &line.change].map(Clone::clone).to_vec())
        .collect();
    for change in &plan.execution.tables {
        let columns =
            |columns: &[segue_model::reshape::FormColumn]| columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>().join(", ");
        rows.push(vec![
            format!("Table {}", change.table),
            columns(&change.old),
            columns(&change.new),
            "both forms live side by side until contract".to_owned(),
        ]);
    }
    if rows.is_empty() {
        page.para("The plan compares no aspects.");
    } else {
        page.table(&["Aspect", "Current", "Target", "Changes Required"], &rows);
    }
}

/// The table of triggers.
pub(super) fn triggers(page: &mut Markdown, plan: &Plan) {
    if plan.program.triggers.is_empty() {
        page.para("No metric leads to a rollback by itself: a closed gate stops the plan, and a person decides.");
        return;
    }
    let rows: Vec<Vec<String>> = plan
        .program
        .triggers
        .iter()
        .map(|one| {
            let (metric, threshold) = (one.when.metric.clone(), one.when.to_string());
            vec![metric, threshold, one.action.clone(), one.order.join("; "), one.measured_by.clone(), one.from.clone()]
        })
        .collect();
    page.table(&["Metric", "Threshold", "Action", "In this order", "Measured by", "From"], &rows);
}

/// The table of risks.
pub(super) fn risks(page: &mut Markdown, plan: &Plan) {
    if plan.program.risks.is_empty() {
        page.para(&format!("No register was made; the plan's own level is {}.", plan.risk));
        return;
    }
    let row = |risk: &Risk| {
        vec![
            format!("{}: {}", risk.id, risk.what),
            say::probability(risk.occurrence).to_owned(),
            say::impact(risk.severity).to_owned(),
            risk.mitigation.clone(),
            format!("{} → {} ({})", risk.rpn, risk.residual_rpn, risk.level),
            risk.owner.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = plan.program.risks.iter().map(row).collect();
    page.table(&["Risk", "Probability", "Impact", "Mitigation Strategy", "RPN → residual", "Owner"], &rows);
}

/// Gates by phase.
pub(super) fn gates(page: &mut Markdown, phase: &Phase) {
    for (place, gate) in say::all_gates(phase) {
        page.check(false, &format!("{place}: {} [{}] ({})", gate.what, say::condition(&gate.condition), gate.from));
    }
}

/// How one goes back from a phase: the commands in the order in which they are run.
pub(super) fn undo(page: &mut Markdown, plan: &Plan, phase: &Phase) {
    let by_segue = phase.steps.iter().any(|step| step.by == "run" && step.reversible != "no");
    if by_segue && !plan.execution.is_nothing() {
        let at = plan.phases.iter().position(|other| other.name == phase.name).unwrap_or(0);
        let before = at.checked_sub(1).and_then(|at| plan.phases.get(at));
        let to = before.map_or_else(String::new, |before| format!(" --to {}", say::shell_word(&before.name)));
        page.fence("sh", &format!("segue rollback{to}"));
    }
    for (step, more) in shown(phase).into_iter().rev().filter(|(step, _)| step.by != "run") {
        if more > 0 {
            page.bullet(&format!("{} more of `{}` in the same way as the next, last first", say::thousands(more), step.kind));
        }
        match &step.undo.command {
            Some(command) => {
                page.para(&format!("Undo `{}`: {} (loses {})", step.id, step.undo.what, step.undo.loses));
                page.fence(say::language(command), &command.text);
            }
            None => {
                page.bullet(&format!("`{}`: {} (loses {})", step.id, step.undo.what, step.undo.loses));
            }
        }
    }
}

/// Going back, phase by phase, last first.
pub(super) fn rollback(page: &mut Markdown, plan: &Plan, level: usize) {
    for phase in plan.phases.iter().rev() {
        page.heading(level, &format!("From {}", phase.name));
        rollback_facts(page, phase);
        if !say::is_final(phase) {
            undo(page, plan, phase);
        }
    }
}

/// What going back from a phase takes.
pub(super) fn rollback_facts(page: &mut Markdown, phase: &Phase) {
    let back = &phase.project.rollback;
    let steps = if say::is_final(phase) { format!("not possible: {}", say::way_back(phase)) } else { say::way_back(phase) };
    let time = say::seconds_back(phase).map_or_else(|| "not known".to_owned(), say::time);
    let from = back.time.as_ref().map(|time| format!(" ({})", time.from)).unwrap_or_default();
    page.fact("Steps", &steps).fact("Time", &if say::is_final(phase) { "–".to_owned() } else { format!("{time}{from}") });
    page.fact("Impact", if back.user_impact.is_empty() { "none that the plan knows of" } else { &back.user_impact });
    page.fact("Loses", say::lost(phase)).fact("Verified by", &back.verify);
}

/// A checklist by id, or what is said where there is none.
pub(super) fn checklist(page: &mut Markdown, plan: &Plan, id: &str, none: &str) {
    let Some(list) = plan.program.checklists.iter().find(|list| list.id == id) else {
        page.para(none);
        return;
    };
    for item in list.items.iter().filter(|item| item.state != "not-applicable") {
        let at = item.at_min.map(|minutes| format!("{}: ", say::offset(minutes))).unwrap_or_default();
        let owner = if item.owner.is_empty() { String::new() } else { format!(" ({})", item.owner) };
        page.check(item.state == "done", &format!("{at}{}{owner}", item.what));
    }
}

/// Every checklist.
pub(super) fn checklists(page: &mut Markdown, plan: &Plan, level: usize) {
    for list in &plan.program.checklists {
        page.heading(level, &list.title);
        checklist(page, plan, &list.id, "");
    }
    if plan.program.checklists.is_empty() {
        page.para("The plan has no checklists.");
    }
}

/// Who is told what.
pub(super) fn comms(page: &mut Markdown, plan: &Plan) {
    if plan.program.comms.is_empty() {
        page.para("Nobody is told by this plan: the spec names no audience.");
        return;
    }
    let at = |phase: &str| {
        plan.phases.iter().find(|other| other.name == phase).and_then(|phase| phase.project.starts).map_or(0, |starts| starts.p50_s)
    };
    let rows: Vec<Vec<String>> = plan
        .program
        .comms
        .iter()
        .map(|one| {
            let when = format!("{}, {}", dates::due(plan, at(&one.phase), one.offset_s), say::every(one.every_s));
            vec![say::words(&one.audience), when, format!("{} {}", one.channel, one.to).trim().to_owned(), one.what.clone()]
        })
        .collect();
    page.table(&["Stakeholder", "Timing", "Channel", "Content"], &rows);
    page.para("`segue notify` writes the text of each, as a draft.");
}

/// SQL that compares the sides: of the plan's verifying steps and of the spec's business rules.
pub(super) fn validation(page: &mut Markdown, plan: &Plan) {
    let steps: Vec<_> = plan.phases.iter().flat_map(|phase| &phase.steps).collect();
    let queries = steps.iter().filter_map(|step| step.outside.command.as_ref().map(|command| (step, command)));
    let mut any = false;
    for (step, command) in queries.filter(|(step, command)| command.language == "sql" && step.kind.contains("verif")).take(20) {
        page.para(&format!("`{}`: {}", step.id, step.what)).fence("sql", &command.text);
        any = true;
    }
    for (name, sql) in &plan.execution.checks {
        page.para(&format!("Business rule {name}, on both sides:")).fence("sql", sql);
        any = true;
    }
    if steps.iter().any(|step| step.by == "run" && step.kind.contains("verif")) {
        page.para("Segue compares every row by itself, and again on demand:").fence("sh", "segue verify");
        any = true;
    }
    if !any {
        page.para("The plan has no query of its own for this; its gates say what is measured.");
    }
}

/// What is needed, what was found, what nobody looked at. Ends every document.
pub(super) fn open(page: &mut Markdown, plan: &Plan, level: usize) {
    page.heading(level, "Needed before start");
    let mut needed: Vec<(String, String)> = plan.program.needed.iter().map(|one| (one.what.clone(), one.spec_key.clone())).collect();
    for (what, key) in reading::missing(plan) {
        if !needed.iter().any(|(_, known)| known == key) {
            needed.push((what.to_owned(), key.to_owned()));
        }
    }
    let rows: Vec<Vec<String>> = needed.into_iter().map(|(what, key)| vec![what, format!("`{key}`")]).collect();
    if rows.is_empty() {
        page.para("Nothing: the spec and the systems answered all that the plan needs.");
    } else {
        page.table(&["What", "Key of the spec"], &rows);
    }
    page.heading(level, "Findings");
    let found: Vec<String> = plan.findings.iter().map(reading::finding).collect();
    points(page, &found, "None.");
    page.heading(level, "Not checked");
    points(page, &plan.not_checked, "Nothing that the plan knows of was left out.");
}
